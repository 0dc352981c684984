using TokenKit.Issuing;

namespace TokenKit.Tests.Issuing;

[TestClass]
public sealed class NameKeyTests
{
    // SHA-256 over each part behind its length as four big-endian bytes, made by an independent program.
    [TestMethod]
    public void Key_OfParts_IsTheDigestOfTheirLengthsAndBytes() => Assert.AreEqual(
        "31ed77a9180be6085262ac389ab27448154e0fc256c079ec8757a60335055e79",
        Convert.ToHexStringLower(NameKey.For("api", "1000", "CI")));

    [TestMethod]
    public void Key_PartsThatRunTogetherAlike_Differ()
    {
        string[] keys = [.. new[] { NameKey.For("ap", "i1000", "CI"), NameKey.For("api", "1000", "CI"), NameKey.For("api", "1000C", "I"), NameKey.For("api", "1000", "CI ") }
            .Select(Convert.ToHexString)];
        Assert.AreEqual(keys.Length, keys.Distinct().Count());
    }
}
