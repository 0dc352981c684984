using System.Security.Cryptography;
using TokenKit.Hashing;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A hasher for tests that are about something else than hashing.</summary>
internal sealed class FastHasher : ISecretHasher
{
    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken) => "$test$" + Convert.ToHexString(SHA256.HashData(plaintext));

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken) =>
        string.Equals(hash, Hash(plaintext, cancellationToken), StringComparison.Ordinal) ? SecretVerdict.Matches : SecretVerdict.Differs;
}
