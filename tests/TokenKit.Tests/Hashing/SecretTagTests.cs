using TokenKit.Hashing;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class SecretTagTests
{
    // The vectors of docs/token-format.md, made by an independent program.
    [TestMethod]
    [DataRow("0000000000000000000000000000000000000000000000000000000000000000", "b8e2c42236653066")]
    [DataRow("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "794b86094e6af89b")]
    [DataRow("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "d51d65a048ae681c")]
    [DataRow("8000000000000000000000000000000000000000000000000000000000000000", "464eea28ef571eba")]
    public void Tag_PublishedVector_IsThat(string secret, string tag) =>
        Assert.AreEqual(tag, Convert.ToHexStringLower(SecretTag.Compute(Convert.FromHexString(secret))));
}
