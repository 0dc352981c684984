using TokenKit.Hashing.Argon2;
using TokenKit.Hashing.Blake2;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>Expected values come from RFC 9106 §3.3 written over Python's hashlib.blake2b; what is compared is BLAKE2b-256 of the output.</summary>
[TestClass]
public sealed class VariableLengthHashTests
{
    [TestMethod]
    [DataRow(1, "B57D26A746FE4211FE2D2BC4BB21DA74528527606980AD59F3BFCFBE84BFD5A4")]
    [DataRow(32, "A397FA6FD46801B9450B4A43A353C39B13EAB330A16053014768E5F56519C190")]
    [DataRow(63, "79E7CDBB20F9E38EB83A3AACEF643F23111D3BE3F0C422011F731CF07AD87577")]
    [DataRow(64, "DABB1FE262A973662DBC2996485F9559D9AB90C2F6F14E0728E5E21EED06F67E")]
    [DataRow(65, "FEE5F0C5B67D1B3120CA73DBC6D89630F91DC1E2E99480D3416AF5ACD31AFAD7")]
    [DataRow(95, "7DCFCE11479DE3CD12BB47DEABAFD6CB2A79AC316A44B54CDC10AB2081A6F0E6")]
    [DataRow(96, "2CC2B57E6C5C33D8E772F3B7D19422B3194E146C0D52079ADD2696E6BA132013")]
    [DataRow(97, "7FD67ED2D8D9031288EAB8C04A539355C0D9B1413B50AFB05102B7E8B41974BA")]
    [DataRow(128, "71AC4B6725D7A096C761F17DE97C0F363E491B5C08C6D3A3CAC07C90328C2A93")]
    [DataRow(1024, "2AB8E2F9B31E15C99457565BED4FC01F2AF5CD18A1C9518976813BE4D5462AA6")]
    public void Hash_KnownLength_GivesKnownOutput(int length, string expected)
    {
        byte[] output = new byte[length];
        byte[] digest = new byte[32];

        VariableLengthHash.Hash(Counting.Bytes(72), output);

        Blake2b.Hash(output, digest);
        Assert.AreEqual(expected, Convert.ToHexString(digest));
    }
}
