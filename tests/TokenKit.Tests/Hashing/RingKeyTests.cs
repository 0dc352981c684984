using TokenKit.Hashing;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class RingKeyTests
{
    private const string Counting = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    // Made with hmac and hashlib.blake2b of Python: the keys are HKDF-SHA-256 of the master key, without salt, under the three labels.
    [TestMethod]
    [DataRow(32, "e82d35576d90d3d3", "5e6fe55f150d348eeed4c2fdb41feb46307ae2ee715711fd8bd91a9d8cd26645", "1c6debecc2eac0e0a57a536a5eccc7c6d99e0c073f55b5b0507dd5b4df60ba64")]
    [DataRow(100, "811b3227b62ed892", "3b91da8e86c58bf57d1ba9c49ac695759d45812467d50fb0736be3e32cd74c61", "01b53dfada7cc46dee6fd28ad16fac8fcad6f735606fed814aba522241072653")]
    public void Key_OfAnIndependentProgram_GivesTheSameColumns(int length, string tag, string verifier, string hashSecret)
    {
        byte[] master = [.. Enumerable.Range(0, length).Select(i => (byte)(length == 32 ? i : 255 - i))];
        var key = new RingKey("2026-11", master);
        byte[] computedTag = new byte[SecretTag.Length];
        byte[] computedVerifier = new byte[RingKey.VerifierLength];

        key.ComputeTag(Convert.FromHexString(Counting), computedTag);
        key.ComputeVerifier("acme_x"u8, computedVerifier);

        Assert.AreEqual(tag, Convert.ToHexStringLower(computedTag));
        Assert.AreEqual(verifier, Convert.ToHexStringLower(computedVerifier));
        Assert.AreEqual(hashSecret, Convert.ToHexStringLower(key.HashSecret));
    }
}
