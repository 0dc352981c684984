using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Hashing;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Konscious.Tests;

/// <summary>The two hashers beside each other: what one makes, the other verifies, and both refuse the same.</summary>
[TestClass]
public sealed class DifferentialTests
{
    private const string Variable = "TOKENKIT_KONSCIOUS_CASES";
    private const int DefaultCases = 1000;

    private static int Cases => int.Parse(Environment.GetEnvironmentVariable(Variable) ?? $"{DefaultCases}", CultureInfo.InvariantCulture);

    [TestMethod]
    public void Hashers_RandomHashes_AgreeInBothDirections() => Parallel.For(0, Cases, number =>
    {
        var hash = RandomHash.Create(number);
        string[] keys = hash.KeyId is null ? [] : [hash.KeyId];
        using ServiceProvider ownServices = Hashers.Build(konscious: false, hash.Parameters, keys);
        using ServiceProvider theirServices = Hashers.Build(konscious: true, hash.Parameters, keys);
        ISecretHasher own = Hashers.HasherOf(ownServices);
        ISecretHasher theirs = Hashers.HasherOf(theirServices);
        string name = $"case {number}: {hash.Parameters}";

        // What each writes, the other reads.
        AssertAlike(own.Hash(hash.Plaintext, CancellationToken.None));
        AssertAlike(theirs.Hash(hash.Plaintext, CancellationToken.None));

        // What came from elsewhere: other lengths, and associated data.
        string madeHere = hash.Text(Argon2id.DeriveKey);
        Assert.AreEqual(madeHere, hash.Text(KonsciousArgon2id.DeriveKey), name);
        AssertAlike(madeHere);

        void AssertAlike(string text)
        {
            Assert.AreEqual(SecretVerdict.Matches, own.Verify(hash.Plaintext, text, CancellationToken.None), name);
            Assert.AreEqual(SecretVerdict.Matches, theirs.Verify(hash.Plaintext, text, CancellationToken.None), name);
            Assert.AreEqual(SecretVerdict.Differs, own.Verify(hash.AnotherPlaintext, text, CancellationToken.None), name);
            Assert.AreEqual(SecretVerdict.Differs, theirs.Verify(hash.AnotherPlaintext, text, CancellationToken.None), name);
            Assert.AreEqual(own.IsOutdated(text), theirs.IsOutdated(text), name);
        }
    });

    [TestMethod]
    public void RandomHashes_OfAHundredCases_CoverEachKind()
    {
        RandomHash[] hashes = [.. Enumerable.Range(0, 100).Select(RandomHash.Create)];
        CollectionAssert.IsSubsetOf(new[] { 1, 2, 3, 4 }, hashes.Select(hash => hash.Parameters.Parallelism).ToArray());
        CollectionAssert.IsSubsetOf(new[] { 1, 2, 3 }, hashes.Select(hash => hash.Parameters.Iterations).ToArray());
        Assert.Contains(hash => hash.KeyId is not null && hash.AssociatedData.Length > 0, hashes);
        Assert.Contains(hash => hash.KeyId is null && hash.AssociatedData.Length > 0, hashes);
        Assert.Contains(hash => hash.KeyId is not null && hash.AssociatedData.Length == 0, hashes);
        Assert.Contains(hash => hash.KeyId is null && hash.AssociatedData.Length == 0, hashes);
        Assert.Contains(hash => hash.Parameters.MemoryKiB % (4 * hash.Parameters.Parallelism) != 0, hashes);
    }

    /// <summary>Inputs of one hash, drawn from a seed: a failure can be repeated by its number.</summary>
    private sealed record RandomHash(
        Argon2Parameters Parameters, byte[] Plaintext, byte[] AnotherPlaintext, byte[] Salt, int HashLength, string? KeyId, byte[] AssociatedData)
    {
        /// <summary>p 1 to 4; m 8·p to 32·p, so that a case costs little; t 1 to 3; everything else within what a PHC string holds.</summary>
        public static RandomHash Create(int seed)
        {
            var random = new Random(seed);
            int parallelism = random.Next(1, 5);
            byte[] plaintext = Encoding.ASCII.GetBytes(random.GetString("0123456789ABCDEFabcdef_", random.Next(1, 257)));
            byte[] another = [.. plaintext];
            another[random.Next(another.Length)] ^= 1;
            return new RandomHash(
                new Argon2Parameters(random.Next(8 * parallelism, (32 * parallelism) + 1), random.Next(1, 4), parallelism),
                plaintext,
                another,
                Bytes(random, random.Next(Argon2Limits.MinimumSaltLength, Argon2Limits.MaximumSaltLength + 1)),
                random.Next(Argon2Limits.MinimumHashLength, Argon2Limits.MaximumHashLength + 1),
                random.Next(2) == 0 ? null : random.GetString("abcdefghijklmnopqrstuvwxyz-_0123456789", random.Next(1, PhcString.MaximumKeyIdLength + 1)),
                Bytes(random, random.Next(2) == 0 ? 0 : random.Next(1, PhcString.MaximumAssociatedDataLength + 1)));
        }

        public string Text(Argon2idFunction deriveKey)
        {
            byte[] tag = new byte[HashLength];
            byte[] secret = KeyId is null ? [] : Hashers.HashSecretOf(KeyId);
            deriveKey(Plaintext, Salt, tag, Parameters, secret, AssociatedData, CancellationToken.None);
            return new PhcString(Parameters, Salt, tag, Encoding.ASCII.GetBytes(KeyId ?? ""), AssociatedData).ToText();
        }

        private static byte[] Bytes(Random random, int length)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
