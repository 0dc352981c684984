using System.Globalization;
using TokenKit.Hashing.Argon2;
using TokenKit.TestKit;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>Hash by hash against the C reference library.</summary>
[TestClass]
public sealed class DifferentialTests
{
    private const int DefaultCases = 2000;

    [TestMethod]
    public void DeriveKey_RandomInputs_EqualsTheReferenceLibrary()
    {
        RequiredReferenceArgon2.Demand();
        Compare(int.Parse(Environment.GetEnvironmentVariable("TOKENKIT_ARGON2_CASES") ?? $"{DefaultCases}", CultureInfo.InvariantCulture));
    }

    internal static void Compare(int cases)
    {
        using var pool = new Argon2MemoryPool(Environment.ProcessorCount, TimeSpan.FromMinutes(1), TimeProvider.System);
        Parallel.For(0, cases, number =>
        {
            // One seed for each case: a failure can be repeated by its number.
            var input = RandomInput.Create(number);
            byte[] tag = new byte[input.TagLength];

            Argon2id.DeriveKey(input.Password, input.Salt, tag, input.Parameters, pool, input.Secret, input.AssociatedData);

            byte[] expected = ReferenceArgon2.DeriveKey(input.Password, input.Salt, input.TagLength, input.Parameters, input.Secret, input.AssociatedData);
            CollectionAssert.AreEqual(expected, tag, $"case {number}: {input.Parameters}, tag of {input.TagLength} bytes");
        });
    }
}
