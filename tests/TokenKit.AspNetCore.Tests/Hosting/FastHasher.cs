using System.Security.Cryptography;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A hasher for tests that are about something else than hashing: SHA-256, or the one of <see cref="ChosenHasher"/>.</summary>
internal sealed class FastHasher : ISecretHasher
{
    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken) =>
        ChosenHasher.Current?.Hash(plaintext, cancellationToken) ?? "$test$" + Convert.ToHexString(SHA256.HashData(plaintext));

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken) =>
        ChosenHasher.Current?.Verify(plaintext, hash, cancellationToken)
        ?? (string.Equals(hash, Hash(plaintext, cancellationToken), StringComparison.Ordinal) ? SecretVerdict.Matches : SecretVerdict.Differs);
}
