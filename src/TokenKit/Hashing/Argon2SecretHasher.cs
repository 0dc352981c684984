namespace TokenKit.Hashing;

internal sealed class Argon2SecretHasher : ISecretHasher
{
    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken) => throw new NotSupportedException();
    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken) => throw new NotSupportedException();
}
