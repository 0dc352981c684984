using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TokenKit.Issuing;

/// <summary>
/// 32 bytes that stand for (realm, subject, name) in a unique index: SHA-256 over the three, each with its length before it, so that no
/// collation, trailing space or long name can make two names equal or one name too long.
/// </summary>
internal static class NameKey
{
    public static byte[] For(string realm, string subject, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, realm);
        Append(hash, subject);
        Append(hash, name);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string part)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
