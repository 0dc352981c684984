namespace TokenKit.Hashing;

/// <summary>What a stored hash says of a plaintext.</summary>
public enum SecretVerdict
{
    /// <summary>The plaintext is not the one that was hashed.</summary>
    Differs,

    /// <summary>The plaintext is the one that was hashed.</summary>
    Matches,

    /// <summary>The plaintext is the one that was hashed, more weakly than new hashes are: TokenKit writes a new one, off the request path.</summary>
    MatchesOutdated,

    /// <summary>The hash is malformed, asks for work outside the allowed range, or needs a key that is not at hand. It was not computed.</summary>
    Unusable,
}

/// <summary>Hashes plaintexts. A host implements it to use another Argon2, or another function, than TokenKit's own.</summary>
/// <remarks>
/// Calls are synchronous and costly. TokenKit makes them on pool threads and never more at once than
/// <see cref="HashingOptions.MaximumConcurrency"/>. An implementation compares in fixed time and wipes what it copied.
/// </remarks>
public interface ISecretHasher
{
    /// <summary>Hashes a plaintext with a new salt.</summary>
    /// <param name="plaintext">The whole plaintext of a token, as ASCII; at most 256 bytes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A PHC string of at most 512 ASCII characters that holds everything <see cref="Verify"/> needs.</returns>
    string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken);

    /// <summary>Compares a plaintext with a stored hash.</summary>
    /// <param name="plaintext">What a caller presented, as ASCII; at most 256 bytes.</param>
    /// <param name="hash">The stored hash, of this implementation or not.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The verdict; <see cref="SecretVerdict.Unusable"/> instead of an exception for a hash that cannot be run.</returns>
    SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Whether new hashes are stronger than a stored one, told from its text alone: it is asked for each verification, also where none needs
    /// <see cref="Verify"/>. What it says of a hash of its own that was just made is false.
    /// </summary>
    /// <param name="hash">The stored hash, of this implementation or not.</param>
    /// <returns>Unless an implementation says otherwise, false: then only <see cref="SecretVerdict.MatchesOutdated"/> tells.</returns>
    bool IsOutdated(string hash) => false;
}
