using System.Security.Cryptography;
using TokenKit;
using OwnArgon2id = TokenKit.Hashing.Argon2.Argon2id;

namespace Konscious.Security.Cryptography;

/// <summary>
/// The public API of the package Konscious.Security.Cryptography.Argon2, as far as docs/hashing.md uses it, over TokenKit's own Argon2id:
/// the package is not where this project gets its packages.
/// </summary>
public sealed class Argon2id(byte[] password) : DeriveBytes
{
    public byte[]? Salt { get; set; }

    public byte[]? KnownSecret { get; set; }

    public byte[]? AssociatedData { get; set; }

    public int DegreeOfParallelism { get; set; }

    public int MemorySize { get; set; }

    public int Iterations { get; set; }

    public override byte[] GetBytes(int cb)
    {
        var tag = new byte[cb];
        OwnArgon2id.DeriveKey(password, Salt, tag, new Argon2Parameters(MemorySize, Iterations, DegreeOfParallelism), KnownSecret, AssociatedData);
        return tag;
    }

    public override void Reset()
    {
        // Nothing is kept between calls.
    }
}
