using System.Runtime.Intrinsics;
using TokenKit.Hashing.Argon2;
using TokenKit.TestKit;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>Each kind of mixing, as a process comes to it by itself: without a switch, and with the runtime's own switches.</summary>
[TestClass]
public sealed class MixingPathTests
{
    private const int DifferentialCases = 60;

    // Read from the runtime and not from the code under test; a processor without the wider vectors makes less of a test, but none that fails.
    private static BlockMixing WidestOfThisProcessor =>
        Vector512.IsHardwareAccelerated ? BlockMixing.Vector512
        : Vector256.IsHardwareAccelerated ? BlockMixing.Vector256
        : Vector128.IsHardwareAccelerated ? BlockMixing.Vector128
        : BlockMixing.Scalar;

    [TestMethod]
    [DataRow(null, "Vector512")]
    [DataRow("DOTNET_EnableAVX512", "Vector256")]
    [DataRow("DOTNET_EnableAVX2", "Vector128")]
    [DataRow("DOTNET_EnableHWIntrinsic", "Scalar")]
    public async Task DeriveKey_UnderASwitchOfTheRuntime_TakesTheWidestPathLeftAndGivesTheSame(string? runtimeSwitch, string widestLeft)
    {
        var expected = (BlockMixing)Math.Min((int)Enum.Parse<BlockMixing>(widestLeft), (int)WidestOfThisProcessor);

        await ChildProcess.RunAsync(["mixing", $"{expected}"], runtimeSwitch);
    }

    [TestMethod]
    public void DeriveKey_EveryKindThatIsSupported_GivesTheSame()
    {
        using var pool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System);
        for (int number = 0; number < 400; number++)
        {
            var input = RandomInput.Create(number);
            byte[] expected = Derive(BlockMixing.Scalar);
            foreach (BlockMixing mixing in Enum.GetValues<BlockMixing>().Where(SupportedMixing.Includes))
            {
                CollectionAssert.AreEqual(expected, Derive(mixing), $"case {number}: {mixing}, {input.Parameters}");
            }

            byte[] Derive(BlockMixing mixing)
            {
                byte[] tag = new byte[input.TagLength];
                Argon2id.DeriveKey(input.Password, input.Salt, tag, input.Parameters, pool, input.Secret, input.AssociatedData, mixing);
                return tag;
            }
        }
    }

    /// <summary>Runs in the child process.</summary>
    internal static void Work(BlockMixing expected)
    {
        Assert.AreEqual(expected, SupportedMixing.Widest);
        new Argon2idTests().DeriveKey_VectorOfTheRfc_GivesItsTag();
        new Argon2idTests().DeriveKey_VectorOfTheReferenceLibrary_GivesItsTag(256, 2, 2, "6D093C501FD5999645E0EA3BF620D7B8BE7FD2DB59C20D9FFF9539DA2BF57037");
        if (ReferenceArgon2.IsPresent)
        {
            DifferentialTests.Compare(DifferentialCases);
        }
    }
}
