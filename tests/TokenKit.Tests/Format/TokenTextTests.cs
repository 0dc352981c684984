using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Format;
using TokenKit.TestKit;

namespace TokenKit.Tests.Format;

[TestClass]
public sealed class TokenTextTests
{
    // The vectors of docs/token-format.md, made by an independent program.
    [TestMethod]
    [DataRow("acme", "00000000-0000-0000-0000-000000000000", "0000000000000000000000000000000000000000000000000000000000000000", "acme_000000000000000000000000000000000000000000000000000000000000000001et852")]
    [DataRow("acme", "ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "acme_7n42DGM5Tflk9n8mt7Fhc7yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11EBbuL")]
    [DataRow("vai_pat", "0190163d-8694-739b-aea5-966c26f8ad91", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "vai_pat_4QtOHOTnKptS2aBKNZQXZ3003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2SZ7hp")]
    [DataRow("a", "019a0000-0000-7000-8000-000000000001", "8000000000000000000000000000000000000000000000000000000000000000", "a_01szWVIyZFBPfwURPVsGBtULrwNTJa3CHVaAVmO8lHlO4Afd3drtx651MXvhT4GuW48tGk7")]
    public void Text_PublishedVector_WritesAndReads(string prefix, string id, string secret, string text)
    {
        Assert.AreEqual(text, TokenText.Write(prefix, Guid.Parse(id), Convert.FromHexString(secret)));

        Assert.IsTrue(TokenText.TryParse(text, out ReadOnlySpan<char> readPrefix, out Guid readId));
        Assert.AreEqual(prefix, readPrefix.ToString());
        Assert.AreEqual(Guid.Parse(id), readId);
        byte[] readSecret = new byte[TokenText.SecretBytes];
        Assert.IsTrue(TokenText.TryReadSecret(text, readSecret));
        Assert.AreEqual(secret, Convert.ToHexStringLower(readSecret));
    }

    [TestMethod]
    public void IdText_OfAnyId_IsThePartOfTheToken()
    {
        var id = Guid.Parse("0190163d-8694-739b-aea5-966c26f8ad91");
        string text = TokenIdText.Write(id);
        Assert.AreEqual("4QtOHOTnKptS2aBKNZQXZ3", text);
        Assert.IsTrue(TokenIdText.TryRead(text, out Guid read));
        Assert.AreEqual(id, read);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("4QtOHOTnKptS2aBKNZQXZ")]
    [DataRow("04QtOHOTnKptS2aBKNZQXZ3")]
    [DataRow("4QtOHOTnKptS2aBKNZQX-3")]
    [DataRow("zzzzzzzzzzzzzzzzzzzzzz")]
    public void IdText_ThatIsNone_IsRefused(string text)
    {
        Assert.IsFalse(TokenIdText.TryRead(text, out Guid id));
        Assert.AreEqual(Guid.Empty, id);
    }

    [TestMethod]
    public void Parse_AnySingleCharacterChanged_IsRefused()
    {
        string text = NewText();
        for (int i = 0; i < text.Length; i++)
        {
            char[] changed = text.ToCharArray();
            changed[i] = changed[i] == 'x' ? 'y' : 'x';
            Assert.IsFalse(TokenText.TryParse(changed, out _, out _), $"Changed at {i}.");
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("_")]
    [DataRow("acme_")]
    [DataRow("acme")]
    [DataRow("\0")]
    [DataRow("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀")]
    public void Parse_NoToken_IsRefused(string text) => Assert.IsFalse(TokenText.TryParse(text, out _, out _));

    [TestMethod]
    public void Parse_TextAroundToken_IsRefused()
    {
        string text = NewText();
        Assert.IsTrue(TokenText.TryParse(text, out _, out _));
        foreach (string changed in new[] { text + " ", " " + text, text + "0", text[1..], text[..^1], text.ToUpperInvariant(), new string('a', 1_000_000) + text })
        {
            Assert.IsFalse(TokenText.TryParse(changed, out _, out _));
        }
    }

    [TestMethod]
    [DataRow(5, 22, DisplayName = "id")]
    [DataRow(27, 43, DisplayName = "secret")]
    public void Parse_GroupThatOverflows_IsRefusedDespiteItsChecksum(int start, int length)
    {
        string text = TokenText.Write("acme", Guid.Empty, new byte[TokenText.SecretBytes]);
        string covered = text[..start] + new string('z', length) + text[(start + length)..^6];
        byte[] crc = Crc32.Hash(Encoding.ASCII.GetBytes(covered));
        Array.Reverse(crc);
        char[] checksum = new char[6];
        Base62.Encode(crc, checksum);
        Assert.IsFalse(TokenText.TryParse(covered + new string(checksum), out _, out _));
    }

    [TestMethod]
    public void Parse_AnyText_AllocatesNothing()
    {
        string text = NewText();
        string garbage = text[..^1] + (text[^1] == 'x' ? 'y' : 'x');

        long allocated = Allocations.LeastOf(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                TokenText.TryParse(text, out _, out _);
                TokenText.TryParse(garbage, out _, out _);
            }
        });

        Assert.AreEqual(0, allocated);
    }

    [TestMethod]
    public void Hint_OfText_IsPrefixAndSixCharacters() =>
        Assert.AreEqual("vai_pat_4QtOHO", TokenText.HintOf("vai_pat_4QtOHOTnKptS2aBKNZQXZ3003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2SZ7hp"));

    [TestMethod]
    public void Base62_RandomNumbers_RoundTrip()
    {
        var random = new Random(62);
        byte[] bytes = new byte[32];
        char[] text = new char[43];
        byte[] read = new byte[32];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            Base62.Encode(bytes, text);
            Assert.IsTrue(Base62.TryDecode(text, read));
            CollectionAssert.AreEqual(bytes, read);
        }
    }

    [TestMethod]
    public void Base62_AnyDigits_CanBeDecodedIfTheyAre()
    {
        const string Largest = "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1";
        var random = new Random(63);
        byte[] read = new byte[32];
        for (int i = 0; i < 20_000; i++)
        {
            // Near the largest number, and with characters around the digits in ASCII.
            char[] text = Largest.ToCharArray();
            int place = random.Next(text.Length);
            text[place] = (char)random.Next('/', '{' + 1);
            Assert.AreEqual(Base62.TryDecode(text, read), Base62.CanDecode(text, Largest), new string(text));
        }

        Assert.IsTrue(Base62.CanDecode(Largest, Largest));
        Assert.IsFalse(Base62.CanDecode(Largest.AsSpan(1), Largest));
    }

    [TestMethod]
    public void Id_Created_IsVersion7OfItsTime()
    {
        var now = new DateTimeOffset(2026, 6, 1, 12, 0, 0, 123, TimeSpan.Zero);
        Guid id = TokenId.Create(now);
        Assert.AreEqual(7, id.Version);
        Assert.IsTrue(id.Variant is >= 8 and <= 11);
        byte[] bytes = id.ToByteArray(bigEndian: true);
        Assert.AreEqual(now.ToUnixTimeMilliseconds(), Convert.ToInt64(Convert.ToHexString(bytes, 0, 6), 16));
        Assert.AreNotEqual(id, TokenId.Create(now));
    }

    [TestMethod]
    [DataRow("a", true)]
    [DataRow("vai_pat", true)]
    [DataRow("a2", true)]
    [DataRow("abcdefghijklmnopqrstuvwxyz012345", true)]
    [DataRow("abcdefghijklmnopqrstuvwxyz0123456", false)]
    [DataRow("", false)]
    [DataRow(null, false)]
    [DataRow("2a", false)]
    [DataRow("_a", false)]
    [DataRow("a_", false)]
    [DataRow("A", false)]
    [DataRow("a-b", false)]
    [DataRow("é", false)]
    public void Prefix_Text_IsValidOrNot(string? prefix, bool valid) => Assert.AreEqual(valid, TokenPrefix.IsValid(prefix));

    private static string NewText() => TokenText.Write("acme", TokenId.Create(DateTimeOffset.UnixEpoch), RandomNumberGenerator.GetBytes(TokenText.SecretBytes));
}
