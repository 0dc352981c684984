using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>A mistake that the author of a store could make, and a case that must notice it.</summary>
internal sealed record StoreDefect(string Name, string NoticedBy, Func<ITokenStore> Make)
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        .. StoreDefects.Reading.All,
        .. StoreDefects.Listing.All,
        .. StoreDefects.Limiting.All,
        .. StoreDefects.Changing.All,
        .. StoreDefects.Batching.All,
    ];
}
