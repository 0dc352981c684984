using System.Security.Cryptography;
using TokenKit.Hashing;

namespace TokenKit.TestKit;

/// <summary>A hasher that costs nothing – unless <see cref="ChosenHasher"/> has one –, counts its runs and can be made to wait.</summary>
public sealed class QuickHasher : ISecretHasher
{
    private int _verifications;

    public int Verifications => Volatile.Read(ref _verifications);

    /// <summary>What new hashes begin with. Those that begin with "quick" are outdated where it is another.</summary>
    public string Scheme { get; init; } = "quick";

    /// <summary>Runs inside each verification, on its thread.</summary>
    public Action? DuringVerification { get; set; }

    private ISecretHasher? Chosen => Scheme == "quick" ? ChosenHasher.Current : ChosenHasher.Stronger;

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        DuringHash?.Invoke();
        if (Chosen is { } chosen)
        {
            return chosen.Hash(plaintext, cancellationToken);
        }

        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return $"${Scheme}${Convert.ToHexString(salt)}${Compute(salt, plaintext)}";
    }

    /// <summary>Runs inside each hash for an issue, on its thread.</summary>
    public Action? DuringHash { get; set; }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _verifications);
        DuringVerification?.Invoke();
        if (Chosen is { } chosen)
        {
            return chosen.Verify(plaintext, hash, cancellationToken);
        }

        return hash.Split('$') switch
        {
            ["", "quick" or "quicker", var salt, var expected] =>
                Compute(Convert.FromHexString(salt), plaintext) != expected ? SecretVerdict.Differs
                : IsOutdated(hash) ? SecretVerdict.MatchesOutdated
                : SecretVerdict.Matches,
            _ => SecretVerdict.Unusable,
        };
    }

    public bool IsOutdated(string hash) => Chosen?.IsOutdated(hash) ?? Scheme != "quick" && hash.StartsWith("$quick$", StringComparison.Ordinal);

    private static string Compute(byte[] salt, ReadOnlySpan<byte> plaintext) =>
        Convert.ToHexString(SHA256.HashData([.. salt, .. plaintext]));
}
