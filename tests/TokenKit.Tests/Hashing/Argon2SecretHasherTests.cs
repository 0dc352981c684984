using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.TestKit;
using TokenKit.Tests.Hashing.Argon2;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class Argon2SecretHasherTests
{
    private static readonly Argon2Parameters Cheap = new(64, 1, 1);

    [TestMethod]
    public void Verify_OwnHash_MatchesThatPlaintextOnly()
    {
        using Argon2SecretHasher hasher = NewHasher(Cheap);
        string hash = hasher.Hash("acme_x"u8, CancellationToken.None);
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", hash);
        Assert.AreNotEqual(hash, hasher.Hash("acme_x"u8, CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Matches, hasher.Verify("acme_x"u8, hash, CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Differs, hasher.Verify("acme_y"u8, hash, CancellationToken.None));
    }

    [TestMethod]
    public void Hash_Default_HasTheDocumentedParameters()
    {
        using Argon2SecretHasher hasher = NewHasher(new HashingOptions().Parameters);
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hasher.Hash("acme_x"u8, CancellationToken.None));
    }

    [TestMethod]
    public void Verify_WeakerParameters_MatchesAsOutdated()
    {
        using Argon2SecretHasher before = NewHasher(Cheap);
        using Argon2SecretHasher after = NewHasher(new Argon2Parameters(128, 1, 1));
        string hash = before.Hash("x"u8, CancellationToken.None);
        Assert.AreEqual(SecretVerdict.MatchesOutdated, after.Verify("x"u8, hash, CancellationToken.None));
        Assert.IsTrue(after.IsOutdated(hash));

        // The other way round it would be made weaker.
        string stronger = after.Hash("x"u8, CancellationToken.None);
        Assert.AreEqual(SecretVerdict.Matches, before.Verify("x"u8, stronger, CancellationToken.None));
        Assert.IsFalse(before.IsOutdated(stronger));
        Assert.IsFalse(after.IsOutdated(stronger));
        Assert.IsFalse(after.IsOutdated("$argon2id$unusable"));
    }

    [TestMethod]
    [DataRow(64, 1, 1, true)]
    [DataRow(63, 2, 1, true)]
    [DataRow(64, 2, 1, false)]
    [DataRow(64, 2, 2, false)]
    [DataRow(128, 1, 1, false)]
    [DataRow(32, 3, 1, false)]
    [DataRow(128, 3, 1, false)]
    public void Parameters_BesideOthers_AreWeakerOnlyWhereNothingIsStronger(int memoryKiB, int iterations, int parallelism, bool isWeaker) =>
        Assert.AreEqual(isWeaker, new Argon2Parameters(memoryKiB, iterations, parallelism).IsWeakerThan(new Argon2Parameters(64, 2, 1)));

    [TestMethod]
    public void Verify_HashWithKey_NeedsThatKey()
    {
        using Argon2SecretHasher hasher = NewHasher(Cheap, Ring(hashWithKey: true, "k1"));
        string hash = hasher.Hash("acme_x"u8, CancellationToken.None);

        // keyid is the base64 of "k1".
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1,keyid=azE$", hash);
        Assert.AreEqual(SecretVerdict.Matches, hasher.Verify("acme_x"u8, hash, CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Differs, hasher.Verify("acme_y"u8, hash, CancellationToken.None));
        using Argon2SecretHasher later = NewHasher(Cheap, Ring(hashWithKey: true, "k2", "k1"));
        Assert.AreEqual(SecretVerdict.MatchesOutdated, later.Verify("acme_x"u8, hash, CancellationToken.None));
        Assert.IsTrue(later.IsOutdated(hash));
        Assert.IsFalse(hasher.IsOutdated(hash));
        using Argon2SecretHasher other = NewHasher(Cheap, Ring(hashWithKey: true, "k2"));
        Assert.AreEqual(SecretVerdict.Unusable, other.Verify("acme_x"u8, hash, CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Differs, other.Verify("acme_x"u8, hash.Replace("azE", "azI", StringComparison.Ordinal), CancellationToken.None));
    }

    [TestMethod]
    public void Hash_WithKey_IsThatOfTheReferenceLibraryWithItsSecret()
    {
        RequiredReferenceArgon2.Demand();
        KeyRing ring = Ring(hashWithKey: true, "k1");
        using Argon2SecretHasher hasher = NewHasher(Cheap, ring);
        Assert.IsTrue(PhcString.TryParse(hasher.Hash("acme_x"u8, CancellationToken.None), out PhcString? hash));
        byte[] reference = ReferenceArgon2.DeriveKey("acme_x"u8.ToArray(), hash.Salt.ToArray(), 32, Cheap, ring.Current!.HashSecret.ToArray(), []);
        CollectionAssert.AreEqual(reference, hash.Hash.ToArray());
    }

    [TestMethod]
    public void Hash_RingWithoutWishForIt_HoldsNoKeySoThatItSurvivesIt()
    {
        using Argon2SecretHasher hasher = NewHasher(Cheap, Ring(hashWithKey: false, "k1"));
        using Argon2SecretHasher without = NewHasher(Cheap);
        Assert.AreEqual(SecretVerdict.Matches, without.Verify("x"u8, hasher.Hash("x"u8, CancellationToken.None), CancellationToken.None));
    }

    // Made with the argon2 command of the C reference implementation: echo -n password | argon2 somesalt -id -k 64 -t 2 -p 1 -e
    [TestMethod]
    public void Verify_HashOfTheReferenceImplementation_Matches()
    {
        using Argon2SecretHasher hasher = NewHasher(Cheap);
        const string reference = "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI";
        Assert.AreEqual(SecretVerdict.Matches, hasher.Verify("password"u8, reference, CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Differs, hasher.Verify("Password"u8, reference, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("password")]
    [DataRow("$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=64,t=1,p=1,keyid=YQ$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA")]
    public void Verify_HashOutsideTheAllowedRange_IsUnusable(string hash)
    {
        using Argon2SecretHasher hasher = NewHasher(Cheap);
        Assert.AreEqual(SecretVerdict.Unusable, hasher.Verify("x"u8, hash, CancellationToken.None));
    }

    private static Argon2SecretHasher NewHasher(Argon2Parameters parameters, KeyRing? ring = null) =>
        new(Options.Create(new HashingOptions { Parameters = parameters }), ring ?? KeyRing.Empty, TimeProvider.System);

    private static KeyRing Ring(bool hashWithKey, params string[] ids)
    {
        var options = new KeyRingOptions { CurrentKeyId = ids[0], HashWithKey = hashWithKey };
        Array.ForEach(ids, id => options.AddKey(id, KeyRings.KeyOf(id)));
        return new KeyRing(options);
    }
}
