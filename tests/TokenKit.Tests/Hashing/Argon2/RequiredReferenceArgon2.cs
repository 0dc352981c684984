using TokenKit.TestKit;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>What a test does without the reference library.</summary>
internal static class RequiredReferenceArgon2
{
    /// <summary>Skips a test where the library is not there, or fails it where it has to be.</summary>
    public static void Demand()
    {
        if (ReferenceArgon2.IsPresent)
        {
            return;
        }

        const string Reason = "libargon2.so.1 is not installed (Debian: libargon2-1), so there is nothing to compare with.";
        if (Environment.GetEnvironmentVariable("TOKENKIT_REQUIRE_ARGON2") == "1")
        {
            Assert.Fail(Reason);
        }

        Assert.Inconclusive(Reason);
    }
}
