namespace TokenKit.Stores;

/// <summary>How many living tokens – neither revoked nor expired – a subject may have in a realm.</summary>
/// <param name="Subject">The subject; empty for tokens that belong to nobody.</param>
/// <param name="Kind">Only tokens of this kind count.</param>
/// <param name="Most">The most living tokens.</param>
public sealed record TokenLimit(string Subject, string Kind, int Most);
