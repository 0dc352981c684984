using TokenKit.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Argon2;

[TestClass]
public sealed class Argon2idTests
{
    private static readonly Argon2Parameters Small = new(32, 3, 4);

    /// <summary>RFC 9106 §5.3.</summary>
    [TestMethod]
    public void DeriveKey_VectorOfTheRfc_GivesItsTag()
    {
        var tag = new byte[32];

        Argon2id.DeriveKey(Filled(32, 1), Filled(16, 2), tag, Small, Filled(8, 3), Filled(12, 4));

        Assert.AreEqual("0D640DF58D78766C08C037A34A8B53C9D01EF0452D75B65EB52520E96B01E659", Convert.ToHexString(tag));
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
