using TokenKit.Hashing;
using TokenKit.Tests.Hashing.Argon2;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class PhcStringTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw"; // 0 to 15
    private const string Hash = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"; // 0 to 31
    private const string Tail = $"${Salt}${Hash}";

    [TestMethod]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1{Tail}")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,keyid=AAECAw{Tail}")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,data=AAECAw{Tail}")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,keyid=AAECAwQFBgc,data=+/8{Tail}")]
    [DataRow($"$argon2id$v=19$m=0,t=4294967295,p=0$AA$AA")]
    public void Parse_WellFormedText_WritesTheSameText(string text)
    {
        Assert.IsTrue(PhcString.TryParse(text, out PhcString? phc));
        Assert.AreEqual(text, phc.ToText());
    }

    [TestMethod]
    public void Parse_WellFormedText_GivesItsParts()
    {
        Assert.IsTrue(PhcString.TryParse($"$argon2id$v=19$m=7168,t=5,p=3,keyid=AAE,data=AAEC{Tail}", out PhcString? phc));

        Assert.AreEqual(7168u, phc.MemoryKiB);
        Assert.AreEqual(5u, phc.Iterations);
        Assert.AreEqual(3u, phc.Parallelism);
        CollectionAssert.AreEqual(Counting.Bytes(2), phc.KeyId.ToArray());
        CollectionAssert.AreEqual(Counting.Bytes(3), phc.AssociatedData.ToArray());
        CollectionAssert.AreEqual(Counting.Bytes(16), phc.Salt.ToArray());
        CollectionAssert.AreEqual(Counting.Bytes(32), phc.Hash.ToArray());
    }

    [TestMethod]
    [DataRow("", DisplayName = "empty")]
    [DataRow("$", DisplayName = "only a separator")]
    [DataRow($"argon2id$v=19$m=19456,t=2,p=1{Tail}", DisplayName = "no separator at the start")]
    [DataRow($" $argon2id$v=19$m=19456,t=2,p=1{Tail}", DisplayName = "space before")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1{Tail} ", DisplayName = "space behind")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1{Tail}$", DisplayName = "separator behind")]
    [DataRow($"$argon2i$v=19$m=19456,t=2,p=1{Tail}", DisplayName = "Argon2i")]
    [DataRow($"$Argon2id$v=19$m=19456,t=2,p=1{Tail}", DisplayName = "capital letter")]
    [DataRow($"$argon2id$m=19456,t=2,p=1{Tail}", DisplayName = "no version")]
    [DataRow($"$argon2id$v=16$m=19456,t=2,p=1{Tail}", DisplayName = "version 1.0")]
    [DataRow($"$argon2id$v=019$m=19456,t=2,p=1{Tail}", DisplayName = "version with a zero before it")]
    [DataRow($"$argon2id$v=19$m=019456,t=2,p=1{Tail}", DisplayName = "memory with a zero before it")]
    [DataRow($"$argon2id$v=19$m=+19456,t=2,p=1{Tail}", DisplayName = "sign")]
    [DataRow($"$argon2id$v=19$m=-1,t=2,p=1{Tail}", DisplayName = "negative")]
    [DataRow($"$argon2id$v=19$m=,t=2,p=1{Tail}", DisplayName = "no digits")]
    [DataRow($"$argon2id$v=19$m=4294967296,t=2,p=1{Tail}", DisplayName = "more than 32 bits")]
    [DataRow($"$argon2id$v=19$m=19456,t=2.0,p=1{Tail}", DisplayName = "fraction")]
    [DataRow($"$argon2id$v=19$m=19456,t= 2,p=1{Tail}", DisplayName = "space in a number")]
    [DataRow($"$argon2id$v=19$m=19456,t=٢,p=1{Tail}", DisplayName = "digit of another script")]
    [DataRow($"$argon2id$v=19$m=19456\0\0,t=2,p=1{Tail}", DisplayName = "NULs behind a number")]
    [DataRow($"$argon2id$v=19\0$m=19456,t=2,p=1{Tail}", DisplayName = "NUL behind the version")]
    [DataRow($"$argon2id$v=19$t=2,m=19456,p=1{Tail}", DisplayName = "other order")]
    [DataRow($"$argon2id$v=19$m=19456,t=2{Tail}", DisplayName = "no parallelism")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,p=1{Tail}", DisplayName = "parameter twice")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,x=1{Tail}", DisplayName = "unknown parameter")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,data=AA,keyid=AA{Tail}", DisplayName = "data before keyid")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,keyid={Tail}", DisplayName = "empty keyid")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,keyid=AAAAAAAAAAAA{Tail}", DisplayName = "keyid of nine bytes")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1,data={Hash}A{Tail}", DisplayName = "data of 33 bytes")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1${Salt}", DisplayName = "no hash")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1${Salt}$", DisplayName = "empty hash")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1$${Hash}", DisplayName = "empty salt")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1${Salt}==${Hash}", DisplayName = "padding")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1$AA-_AAAAAAAAAAAAAAAAAA${Hash}", DisplayName = "alphabet of URLs")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODx${Hash}", DisplayName = "spare bits that are not zero")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1$AAAAA${Hash}", DisplayName = "impossible length")]
    [DataRow($"$argon2id$v=19$m=19456,t=2,p=1$AAEC\nAwQFBgcICQoLDA0ODw${Hash}", DisplayName = "line break")]
    public void Parse_MalformedText_IsRefused(string text)
    {
        Assert.IsFalse(PhcString.TryParse(text, out PhcString? phc));
        Assert.IsNull(phc);
    }

    [TestMethod]
    public void Parse_TextBeyondTheLongest_IsRefused()
    {
        string prefix = $"$argon2id$v=19$m=19456,t=2,p=1${Salt}$";

        // One character less than a multiple of four would have spare bits, so lengths differ by what is left of the prefix.
        Assert.IsTrue(PhcString.TryParse(prefix + new string('A', (PhcString.MaximumLength - prefix.Length) / 4 * 4), out _));
        Assert.IsFalse(PhcString.TryParse(prefix + new string('A', ((PhcString.MaximumLength - prefix.Length) / 4 * 4) + 4), out _));
    }

    [TestMethod]
    [DataRow(8u, 1u, 1u, 8, 16, true)]
    [DataRow(262144u, 16u, 16u, 64, 64, true)]
    [DataRow(7u, 1u, 1u, 16, 32, false, DisplayName = "too little memory")]
    [DataRow(31u, 1u, 4u, 16, 32, false, DisplayName = "too little memory for four lanes")]
    [DataRow(262145u, 1u, 1u, 16, 32, false, DisplayName = "too much memory")]
    [DataRow(uint.MaxValue, 1u, 1u, 16, 32, false, DisplayName = "as much memory as can be written")]
    [DataRow(19456u, 0u, 1u, 16, 32, false, DisplayName = "no pass")]
    [DataRow(19456u, 17u, 1u, 16, 32, false, DisplayName = "too many passes")]
    [DataRow(19456u, 2u, 0u, 16, 32, false, DisplayName = "no lane")]
    [DataRow(19456u, 2u, 17u, 16, 32, false, DisplayName = "too many lanes")]
    [DataRow(19456u, 2u, 1u, 7, 32, false, DisplayName = "short salt")]
    [DataRow(19456u, 2u, 1u, 65, 32, false, DisplayName = "long salt")]
    [DataRow(19456u, 2u, 1u, 16, 15, false, DisplayName = "short hash")]
    [DataRow(19456u, 2u, 1u, 16, 65, false, DisplayName = "long hash")]
    public void TryGetParameters_LimitsByDefault_GivesThemOnlyInRange(uint memory, uint iterations, uint parallelism, int salt, int hash, bool allowed)
    {
        string text = $"$argon2id$v=19$m={memory},t={iterations},p={parallelism}${Base64(salt)}${Base64(hash)}";
        Assert.IsTrue(PhcString.TryParse(text, out PhcString? phc));

        Assert.AreEqual(allowed, phc.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters));
        Assert.AreEqual(allowed ? new Argon2Parameters((int)memory, (int)iterations, (int)parallelism) : null, parameters);
    }

    [TestMethod]
    public void Create_FromParts_WritesText()
    {
        var phc = new PhcString(Argon2Parameters.Default, Counting.Bytes(16), Counting.Bytes(32), Counting.Bytes(8), Counting.Bytes(32));

        Assert.AreEqual($"$argon2id$v=19$m=19456,t=2,p=1,keyid=AAECAwQFBgc,data={Hash}{Tail}", phc.ToText());
    }

    [TestMethod]
    [DataRow(7, 32, 0, 0)]
    [DataRow(65, 32, 0, 0)]
    [DataRow(16, 15, 0, 0)]
    [DataRow(16, 65, 0, 0)]
    [DataRow(16, 32, 9, 0)]
    [DataRow(16, 32, 0, 33)]
    public void Create_LengthOutOfRange_Throws(int salt, int hash, int keyId, int data) =>
        Assert.ThrowsExactly<ArgumentException>(() =>
            new PhcString(Argon2Parameters.Default, Counting.Bytes(salt), Counting.Bytes(hash), Counting.Bytes(keyId), Counting.Bytes(data)));

    [TestMethod]
    public void ToString_OfAHash_DoesNotGiveIt() =>
        Assert.IsFalse(new PhcString(Argon2Parameters.Default, Counting.Bytes(16), Counting.Bytes(32)).ToString()!.Contains(Hash, StringComparison.Ordinal));

    private static string Base64(int length) => Convert.ToBase64String(Counting.Bytes(length)).TrimEnd('=');
}
