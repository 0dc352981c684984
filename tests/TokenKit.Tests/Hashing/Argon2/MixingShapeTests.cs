using System.Reflection;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>What the compiler must find for a hash to be as fast in the second minute of a process as in the first.</summary>
[TestClass]
public sealed class MixingShapeTests
{
    /// <summary>
    /// A parameter by readonly reference in the interface gives each implementation a stub of its own. The runtime compiles the stub again once it is hot,
    /// with part of the mixing inlined into it and the rest called: several times slower, and only after some thirty hashes.
    /// </summary>
    [TestMethod]
    [DataRow(typeof(ScalarMixing))]
    [DataRow(typeof(Vector128Mixing))]
    [DataRow(typeof(Vector256Mixing))]
    [DataRow(typeof(Vector512Mixing))]
    public void Mix_OfEachKind_IsOneMethodThatIsNotInlined(Type mixing)
    {
        MethodInfo[] methods = mixing.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);

        MethodInfo mix = methods.Single(method => method.Name.EndsWith(nameof(IBlockMixing.Mix), StringComparison.Ordinal));
        Assert.IsTrue(mix.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoInlining));
    }
}
