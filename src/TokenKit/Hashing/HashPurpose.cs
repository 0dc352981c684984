namespace TokenKit.Hashing;

/// <summary>Why a hash is computed.</summary>
internal enum HashPurpose
{
    /// <summary>A token is issued, or its secret replaced.</summary>
    Issue,

    /// <summary>A presented text is compared with a stored hash.</summary>
    Verify,

    /// <summary>A stored hash is renewed.</summary>
    Rehash,
}
