using System.Security.Cryptography;

namespace TokenKit.Format;

/// <summary>Draws ids: version-7 UUIDs (RFC 9562 §5.7), 48 bits of time and 74 random bits, so that inserts come in order and nobody guesses one.</summary>
internal static class TokenId
{
    public static Guid Create(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        Span<byte> time = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeMilliseconds());
        time[2..].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
