namespace TokenKit.Verification;

/// <summary>What is known of the possession of a token before its hash is computed.</summary>
internal enum Possession
{
    /// <summary>The text is not the plaintext, or there is no such row.</summary>
    Disproved,

    /// <summary>Nothing is known: the row has no tag, or one under a key that is gone. Only the hash can tell.</summary>
    Unproven,

    /// <summary>The tag matches: the presenter holds the secret. The hash has the last word.</summary>
    TagMatched,

    /// <summary>The keyed verifier matches, or did and is remembered: no hash is needed.</summary>
    Proven,
}
