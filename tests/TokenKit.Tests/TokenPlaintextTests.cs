using System.Text.Json;
using TokenKit.Format;

namespace TokenKit.Tests;

[TestClass]
public sealed class TokenPlaintextTests
{
    private static readonly string Text = TokenText.Write("acme", Guid.Empty, new byte[TokenText.SecretBytes]);

    private readonly TokenPlaintext _plaintext = new(Text);

    [TestMethod]
    public void Plaintext_Printed_IsMasked()
    {
        string[] printed = [_plaintext.ToString(), $"{_plaintext}", string.Concat(_plaintext), new { Token = _plaintext }.ToString()!];
        foreach (string text in printed)
        {
            Assert.Contains("acme_000000…", text);
            Assert.DoesNotContain(Text, text);
        }
    }

    [TestMethod]
    public void Plaintext_Serialized_IsRefused()
    {
        Assert.ThrowsExactly<NotSupportedException>(() => JsonSerializer.Serialize(_plaintext));
        Assert.ThrowsExactly<NotSupportedException>(() => JsonSerializer.Serialize(new { Token = _plaintext }));
        Assert.IsEmpty(typeof(TokenPlaintext).GetProperties());
        Assert.IsEmpty(typeof(TokenPlaintext).GetFields());
    }

    [TestMethod]
    public void Plaintext_Revealed_IsTheText() => Assert.AreEqual(Text, _plaintext.Reveal());
}
