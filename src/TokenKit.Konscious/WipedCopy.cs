using System.Security.Cryptography;

namespace TokenKit.Konscious;

/// <summary>A copy of secret bytes for a package that takes arrays: the garbage collector does not move it, and disposing wipes it.</summary>
internal sealed class WipedCopy : IDisposable
{
    public WipedCopy(ReadOnlySpan<byte> bytes)
    {
        Bytes = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(Bytes);
    }

    public byte[] Bytes { get; }

    public void Dispose() => CryptographicOperations.ZeroMemory(Bytes);
}
