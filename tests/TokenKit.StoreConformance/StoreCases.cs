using TokenKit.StoreConformance.Cases;
using TokenKit.Stores;

namespace TokenKit.StoreConformance;

/// <summary>The specification of <see cref="ITokenStore"/>, case by case.</summary>
public static class StoreCases
{
    /// <summary>Every case. A store is right when it passes them all.</summary>
    public static IReadOnlyList<StoreCase> All { get; } =
    [
        .. Adding.Cases,
        .. Sequences.Cases,
        .. Names.Cases,
        .. Caps.Cases,
        .. Paging.Cases,
        .. Subjects.Cases,
        .. Updates.Cases,
        .. Rehashes.Cases,
        .. Repeats.Cases,
        .. Revocations.Cases,
        .. RevokingAll.Cases,
        .. Acting.Cases,
        .. Touching.Cases,
        .. Purging.Cases,
        .. Erasing.Cases,
        .. Texts.Cases,
        .. Instants.Cases,
        .. Environments.Cases,
        .. Cancellation.Cases,
    ];
}
