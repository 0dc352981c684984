using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace TokenKit.Format;

/// <summary>The text of a token: <c>{prefix}_{id:22}{secret:43}{checksum:6}</c>, as <c>docs/token-format.md</c> publishes it.</summary>
internal static class TokenText
{
    /// <summary>The most characters that are looked at; anything longer is refused unread.</summary>
    public const int MaximumLength = 256;

    public const int SecretBytes = 32;

    private const int IdLength = TokenIdText.Length;
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;
    private const int BodyLength = IdLength + SecretLength + ChecksumLength;
    private const int HintLength = 6;

    private static readonly string LargestSecret = string.Create(SecretLength, 0, static (text, _) =>
    {
        Span<byte> largest = stackalloc byte[SecretBytes];
        largest.Fill(byte.MaxValue);
        Base62.Encode(largest, text);
    });

    /// <summary>The length of every text with this prefix.</summary>
    public static int LengthWith(string prefix) => prefix.Length + 1 + BodyLength;

    public static string Write(string prefix, Guid id, ReadOnlySpan<byte> secret)
    {
        Span<char> text = stackalloc char[LengthWith(prefix)];
        try
        {
            prefix.CopyTo(text);
            text[prefix.Length] = '_';
            Span<char> body = text[(prefix.Length + 1)..];
            TokenIdText.Write(id, body[..IdLength]);
            Base62.Encode(secret, body.Slice(IdLength, SecretLength));
            WriteChecksum(text[..^ChecksumLength], text[^ChecksumLength..]);
            return text.ToString();
        }
        finally
        {
            text.Clear();
        }
    }

    /// <summary>Reads a text without allocating, and without looking at anything else.</summary>
    /// <param name="text">What a caller presented.</param>
    /// <param name="prefix">The prefix, a part of <paramref name="text"/>.</param>
    /// <param name="id">The id.</param>
    /// <returns>Whether the text is well-formed and its checksum right. That says nothing of whether there is such a token.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> prefix, out Guid id)
    {
        prefix = default;
        id = default;
        int prefixLength = text.Length - BodyLength - 1;
        if (prefixLength < 1 || text.Length > MaximumLength || text[prefixLength] != '_')
        {
            return false;
        }

        // The secret is not read before it is compared with something, so that there is no copy to wipe.
        Span<char> checksum = stackalloc char[ChecksumLength];
        if (!WriteChecksum(text[..^ChecksumLength], checksum)
            || !checksum.SequenceEqual(text[^ChecksumLength..])
            || !TokenIdText.TryRead(text.Slice(prefixLength + 1, IdLength), out id)
            || !Base62.CanDecode(SecretOf(text), LargestSecret))
        {
            return false;
        }

        prefix = text[..prefixLength];
        return true;
    }

    /// <summary>Reads the secret out of a text that <see cref="TryParse"/> accepts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">Takes <see cref="SecretBytes"/> bytes; the caller wipes them.</param>
    public static bool TryReadSecret(ReadOnlySpan<char> text, Span<byte> secret) =>
        Base62.TryDecode(SecretOf(text), secret);

    /// <summary>What people see of a text that <see cref="TryParse"/> accepts: prefix, underscore and the first characters of the id.</summary>
    public static string HintOf(ReadOnlySpan<char> text) => text[..^(BodyLength - HintLength)].ToString();

    /// <summary>Whether <see cref="HintOf"/> a text that <see cref="TryParse"/> accepts is this one.</summary>
    public static bool HasHint(ReadOnlySpan<char> text, string hint) => text[..^(BodyLength - HintLength)].SequenceEqual(hint);

    private static ReadOnlySpan<char> SecretOf(ReadOnlySpan<char> text) => text[^(SecretLength + ChecksumLength)..^ChecksumLength];

    // CRC-32/ISO-HDLC finds typing errors and what scanners send. Anyone can compute it, so nothing is trusted because of it.
    [SkipLocalsInit]
    private static bool WriteChecksum(ReadOnlySpan<char> covered, Span<char> checksum)
    {
        Span<byte> ascii = stackalloc byte[MaximumLength];
        OperationStatus status = Ascii.FromUtf16(covered, ascii, out int length);
        try
        {
            if (status != OperationStatus.Done)
            {
                return false;
            }

            Base62.Encode(Crc32.HashToUInt32(ascii[..length]), checksum);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii[..length]);
        }
    }
}
