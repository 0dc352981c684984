using System.IO.Hashing;
using System.Text;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>Texts that are well-formed and whose checksum is right, but that nobody issued.</summary>
internal static class ForgedToken
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;

    /// <summary>The id of one token with the secret of another.</summary>
    public static string Mix(string idOf, string secretOf)
    {
        string text = idOf[..^(SecretLength + ChecksumLength)] + secretOf[^(SecretLength + ChecksumLength)..^ChecksumLength];
        return text + Checksum(text);
    }

    private static string Checksum(string text)
    {
        uint crc = Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text));
        char[] digits = new char[ChecksumLength];
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(crc % 62)];
            crc /= 62;
        }

        return new string(digits);
    }
}
