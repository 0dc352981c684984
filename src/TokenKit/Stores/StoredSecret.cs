namespace TokenKit.Stores;

/// <summary>What a row holds of its token's secret. It is written as a whole when the secret is replaced.</summary>
/// <remarks>It never leaves the host. Its text names nothing: a hash and a ciphertext belong in no log.</remarks>
public sealed record StoredSecret
{
    /// <summary>The first characters of the plaintext, for people.</summary>
    public required string Hint { get; init; }

    /// <summary>The hash of the whole plaintext, as a PHC string.</summary>
    public required string Hash { get; init; }

    /// <summary>8 bytes that show possession before the hash is computed; null for a secret that TokenKit did not draw, with a key or without.</summary>
    public byte[]? Tag { get; init; }

    /// <summary>The id of the key that made <see cref="Tag"/> and <see cref="Verifier"/>; null when the tag is unkeyed.</summary>
    public string? KeyId { get; init; }

    /// <summary>32 bytes that verify the plaintext without Argon2 while the key is at hand; null without a key.</summary>
    public byte[]? Verifier { get; init; }

    /// <summary>The plaintext as ciphertext of the realm's protector; null where the realm keeps none, and once the token is revoked.</summary>
    public byte[]? RecoverableCopy { get; init; }

    /// <summary>The name of the type only.</summary>
    public override string ToString() => nameof(StoredSecret);
}
