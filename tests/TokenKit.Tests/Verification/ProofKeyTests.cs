using TokenKit.Format;
using TokenKit.StoreConformance;
using TokenKit.Stores;
using TokenKit.Verification;

namespace TokenKit.Tests.Verification;

[TestClass]
public sealed class ProofKeyTests
{
    private static readonly StoredToken Row = new()
    {
        Id = new Guid("0190163d-8694-739b-aea5-966c26f8ad91"),
        Realm = "api",
        Kind = "pat",
        Subject = "",
        Name = "",
        Scopes = "",
        Secret = new StoredSecret
        {
            Hint = "",
            Hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        },
        CreatedAt = default,
        UpdatedAt = default,
    };

    private static readonly string Text = TokenText.Write("acme", Row.Id, new byte[TokenText.SecretBytes]);

    [TestMethod]
    public void Key_SameTextAndHash_IsTheSameInOneProcessOnly()
    {
        var factory = new ProofKeyFactory();
        Assert.AreEqual(factory.Create(Row, Text), factory.Create(Row with { Version = 2, RevokedAt = DateTimeOffset.UnixEpoch }, Text));
        Assert.AreNotEqual(factory.Create(Row, Text), new ProofKeyFactory().Create(Row, Text));
    }

    [TestMethod]
    public void Key_AnyPartDiffers_IsAnother()
    {
        var factory = new ProofKeyFactory();
        ProofKey key = factory.Create(Row, Text);
        string otherPrefix = TokenText.Write("acmf", Row.Id, new byte[TokenText.SecretBytes]);
        Assert.AreNotEqual(key, factory.Create(Row, otherPrefix));
        Assert.AreNotEqual(key, factory.Create(Row with { Id = Guid.Empty }, Text));
        Assert.AreNotEqual(key, factory.Create(Row.WithSecret(secret => secret with { Hash = Row.Secret.Hash[..^1] + "B" }), Text));
        Assert.AreNotEqual(key, factory.Create(Row.WithSecret(secret => secret with { Hash = Row.Secret.Hash + new string('x', 2000) }), Text));
    }
}
