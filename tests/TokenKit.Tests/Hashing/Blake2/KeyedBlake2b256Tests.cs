using TokenKit.Hashing.Blake2;
using TokenKit.TestKit;
using TokenKit.Tests.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Blake2;

/// <summary>Expected values come from Python's hashlib.blake2b with the key 0, 1, … 31 and a digest of 32 bytes.</summary>
[TestClass]
public sealed class KeyedBlake2b256Tests
{
    private static readonly KeyedBlake2b256 Keyed = new(Counting.Bytes(32));

    [TestMethod]
    [DataRow(0, "4E51E7A913FC80137DA52880FECCA175BF81E117D5C68126DC2774033517EA0D")]
    [DataRow(1, "41FF93A4EAEEBD3B78A93438A6F62A92AB5959C859E682B72C7DEF406197CA4D")]
    [DataRow(48, "0555B0F17646405E15D9FE6C96B81F0C1676369E139E84957D82D012BCB61C13")]
    [DataRow(127, "12879E69734944F25F9ED95CBFDBB3659A307E485ED8EC118CE7C60F107357F1")]
    [DataRow(128, "138893F1631EF3165629515D6ED800DA3771B7926DCED294205C7507351DEEBC")]
    [DataRow(129, "CA60F75CBB714330C046D8F28B4ED351A3EE81776BB02A96ABB646FE573E3D5C")]
    [DataRow(300, "7E42C40D4ED1328EAB4986DCBD53DEB451F389334764D719D8049E870D1DFB2D")]
    public void Hash_KnownMessage_GivesKnownDigest(int messageLength, string expected)
    {
        byte[] digest = new byte[32];

        Keyed.Hash(Counting.Bytes(messageLength), digest);

        Assert.AreEqual(expected, Convert.ToHexString(digest));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(0, 300)]
    [DataRow(32, 48)]
    [DataRow(128, 256)]
    public void Hash_ThreeParts_GivesTheDigestOfTheWhole(int firstEnd, int secondEnd)
    {
        byte[] message = Counting.Bytes(300);
        byte[] whole = new byte[32];
        byte[] parts = new byte[32];

        Keyed.Hash(message, whole);
        Keyed.Hash(message.AsSpan(0, firstEnd), message.AsSpan(firstEnd, secondEnd - firstEnd), message.AsSpan(secondEnd), parts);

        CollectionAssert.AreEqual(whole, parts);
    }

    [TestMethod]
    public void Hash_ManyTimes_AllocatesNothing()
    {
        byte[] message = Counting.Bytes(90);
        byte[] digest = new byte[32];

        long allocated = Allocations.LeastOf(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Keyed.Hash(message, digest);
            }
        });

        Assert.AreEqual(0, allocated);
    }

    [TestMethod]
    public void Hash_DigestOfAnotherLength_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => Keyed.Hash("abc"u8, new byte[31]));

    [TestMethod]
    [DataRow(0)]
    [DataRow(65)]
    public void Create_KeyOutsideTheRfc_Throws(int length) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyedBlake2b256(Counting.Bytes(length)));
}
