using System.Security.Cryptography;
using System.Text;
using TokenKit.Hashing.Blake2;

namespace TokenKit.Hashing;

/// <summary>
/// A key of the ring. What it does is done under keys that are derived from it (HKDF, RFC 5869), one for each purpose, so that no column says
/// anything about another.
/// </summary>
internal sealed class RingKey
{
    public const int VerifierLength = KeyedBlake2b256.DigestLength;

    private readonly KeyedBlake2b256 _tags;
    private readonly KeyedBlake2b256 _verifiers;
    private readonly byte[] _hashSecret;

    public RingKey(string id, ReadOnlySpan<byte> key)
    {
        Id = id;
        IdBytes = Encoding.ASCII.GetBytes(id);
        Span<byte> derived = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, "TokenKit tag key 1"u8);
        _tags = new KeyedBlake2b256(derived);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, "TokenKit verifier key 1"u8);
        _verifiers = new KeyedBlake2b256(derived);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, "TokenKit Argon2 secret 1"u8);
        _hashSecret = derived.ToArray();
        CryptographicOperations.ZeroMemory(derived);
    }

    public string Id { get; }

    /// <summary>The id as the <c>keyid</c> of a PHC string.</summary>
    public byte[] IdBytes { get; }

    /// <summary>The secret input of Argon2.</summary>
    public ReadOnlySpan<byte> HashSecret => _hashSecret;

    /// <summary>The keyed tag: the first 64 bits of keyed BLAKE2b-256 over the secret.</summary>
    public void ComputeTag(ReadOnlySpan<byte> secret, Span<byte> tag)
    {
        Span<byte> digest = stackalloc byte[KeyedBlake2b256.DigestLength];
        _tags.Hash(secret, digest);
        digest[..SecretTag.Length].CopyTo(tag);
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <summary>The keyed verifier: keyed BLAKE2b-256 over the whole plaintext, so that it belongs to its row as the hash does.</summary>
    public void ComputeVerifier(ReadOnlySpan<byte> plaintext, Span<byte> verifier) => _verifiers.Hash(plaintext, verifier);

    public override string ToString() => $"RingKey {Id}";
}
