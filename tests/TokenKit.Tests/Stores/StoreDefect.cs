using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>A mistake that the author of a store could make, and a case that must notice it.</summary>
internal sealed record StoreDefect(string Name, string NoticedBy, Func<ITokenStore> Make)
{
    /// <summary>Whether nearly every case notices it, so that it says nothing of a case but the one that is named.</summary>
    public bool IsBroad { get; init; }

    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        .. StoreDefects.Reading.All,
        .. StoreDefects.Listing.All,
        .. StoreDefects.Limiting.All,
        .. StoreDefects.Locking.All,
        .. StoreDefects.Deciding.All,
        .. StoreDefects.Writing.All,
        .. StoreDefects.Remembering.All,
        .. StoreDefects.Batching.All,
    ];
}
