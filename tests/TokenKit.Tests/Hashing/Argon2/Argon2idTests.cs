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
        byte[] tag = new byte[32];

        Argon2id.DeriveKey(Filled(32, 1), Filled(16, 2), tag, Small, Filled(8, 3), Filled(12, 4));

        Assert.AreEqual("0D640DF58D78766C08C037A34A8B53C9D01EF0452D75B65EB52520E96B01E659", Convert.ToHexString(tag));
    }

    /// <summary>From the tests of the reference library: test.c of phc-winner-argon2.</summary>
    [TestMethod]
    [DataRow(65536, 2, 1, "09316115D5CF24ED5A15A31A3BA326E5CF32EDC24702987C02B6566F61913CF7")]
    [DataRow(256, 2, 1, "9DFEB910E80BAD0311FEE20F9C0E2B12C17987B4CAC90C2EF54D5B3021C68BFE")]
    [DataRow(256, 2, 2, "6D093C501FD5999645E0EA3BF620D7B8BE7FD2DB59C20D9FFF9539DA2BF57037")]
    public void DeriveKey_VectorOfTheReferenceLibrary_GivesItsTag(int memoryKiB, int iterations, int parallelism, string expected)
    {
        byte[] tag = new byte[32];

        Argon2id.DeriveKey("password"u8, "somesalt"u8, tag, new Argon2Parameters(memoryKiB, iterations, parallelism));

        Assert.AreEqual(expected, Convert.ToHexString(tag));
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(0)]
    public void DeriveKey_DestinationShorterThanTheRfcAllows_Throws(int length) =>
        Assert.ThrowsExactly<ArgumentException>(() => Argon2id.DeriveKey("password"u8, "somesalt"u8, new byte[length], Small));

    [TestMethod]
    public void DeriveKey_CancelledBefore_ThrowsAndLeavesTheDestination()
    {
        byte[] destination = Counting.Bytes(32);

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            Argon2id.DeriveKey("password"u8, "somesalt"u8, destination, Small, cancellationToken: new CancellationToken(canceled: true)));

        CollectionAssert.AreEqual(Counting.Bytes(32), destination);
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
