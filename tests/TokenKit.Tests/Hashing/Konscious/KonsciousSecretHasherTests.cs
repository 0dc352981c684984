using System.Reflection;
using System.Text.RegularExpressions;
using Acme.Hashing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;

namespace TokenKit.Tests.Hashing.Konscious;

/// <summary>The class that docs/hashing.md shows to hosts that prefer Konscious.Security.Cryptography.Argon2.</summary>
[TestClass]
public sealed partial class KonsciousSecretHasherTests
{
    private static readonly string Root = typeof(KonsciousSecretHasherTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    private static readonly IOptions<HashingOptions> Cheap = Options.Create(new HashingOptions { Parameters = new Argon2Parameters(64, 3, 2) });

    private static readonly KonsciousSecretHasher Theirs = new(Cheap);

    [TestMethod]
    public void Documentation_ClassOfAHost_IsTheOneThatIsCompiled()
    {
        string code = Class().Match(File.ReadAllText(Path.Combine(Root, "docs/hashing.md"))).Groups[1].Value;

        Assert.AreEqual(File.ReadAllText(Path.Combine(Root, "tests/TokenKit.Tests/Hashing/Konscious/KonsciousSecretHasher.cs")), code);
    }

    [TestMethod]
    public void Hash_OfTheHost_IsOneOfTokenKits()
    {
        using var own = new Argon2SecretHasher(Cheap, KeyRing.Empty, TimeProvider.System);

        Assert.AreEqual(SecretVerdict.Matches, own.Verify("acme_x"u8, Theirs.Hash("acme_x"u8, CancellationToken.None), CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Matches, Theirs.Verify("acme_x"u8, own.Hash("acme_x"u8, CancellationToken.None), CancellationToken.None));
        Assert.AreEqual(SecretVerdict.Differs, Theirs.Verify("acme_y"u8, own.Hash("acme_x"u8, CancellationToken.None), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.MatchesOutdated)]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1,keyid=YQ$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("password", SecretVerdict.Unusable)]
    public void Verify_HashOfAnotherKind_GivesTheVerdictOfTokenKit(string hash, SecretVerdict expected)
    {
        using var own = new Argon2SecretHasher(Cheap, KeyRing.Empty, TimeProvider.System);

        Assert.AreEqual(expected, Theirs.Verify("password"u8, hash, CancellationToken.None));
        Assert.AreEqual(expected, own.Verify("password"u8, hash, CancellationToken.None));
    }

    [TestMethod]
    public void Registration_BeforeOrAfterTokenKit_ReplacesItsHasher()
    {
        foreach (bool first in new[] { true, false })
        {
            var services = new ServiceCollection();
            if (first)
            {
                services.AddSingleton<ISecretHasher, KonsciousSecretHasher>();
            }

            services.AddTokenKit();
            if (!first)
            {
                services.AddSingleton<ISecretHasher, KonsciousSecretHasher>();
            }

            using ServiceProvider provider = services.BuildServiceProvider();
            Assert.IsInstanceOfType<KonsciousSecretHasher>(provider.GetRequiredService<ISecretHasher>());
        }
    }

    [GeneratedRegex("```csharp\n(using System.Security.Cryptography;.*?)```", RegexOptions.Singleline)]
    private static partial Regex Class();
}
