using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenKit.Hashing;
using TokenKit.Hashing.Argon2;
using TokenKit.Stores;

namespace TokenKit.Konscious.Tests;

[TestClass]
public sealed class KonsciousHasherTests
{
    private static readonly Argon2Parameters Cheap = new(64, 3, 2);

    [TestMethod]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.MatchesOutdated)]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSA", SecretVerdict.Differs)]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1,keyid=YQ$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=262145,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=64,t=17,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=256,t=1,p=17$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1$c29tZXM$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNG", SecretVerdict.Unusable)]
    [DataRow("$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$FqGkmHNGCd0BRW2kBt6fPZ2pPmyGwwChL8FGUhTOSSI", SecretVerdict.Unusable)]
    [DataRow("password", SecretVerdict.Unusable)]
    [DataRow("", SecretVerdict.Unusable)]
    public void Verify_HashFromElsewhere_GivesTheVerdictOfTokenKit(string hash, SecretVerdict expected)
    {
        foreach (bool konscious in new[] { true, false })
        {
            using ServiceProvider services = Hashers.Build(konscious, Cheap);
            Assert.AreEqual(expected, Hashers.HasherOf(services).Verify("password"u8, hash, CancellationToken.None), $"Konscious: {konscious}");
        }
    }

    [TestMethod]
    public void Verify_HashWithAKey_NeedsThatKey()
    {
        using ServiceProvider first = Hashers.Build(konscious: true, Cheap, "k1");
        using ServiceProvider later = Hashers.Build(konscious: true, Cheap, "k2", "k1");
        using ServiceProvider without = Hashers.Build(konscious: true, Cheap);
        string hash = Hashers.HasherOf(first).Hash("acme_x"u8, CancellationToken.None);

        // keyid is the base64 of "k1".
        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=2,keyid=azE$", hash);
        Assert.AreEqual(SecretVerdict.MatchesOutdated, Hashers.HasherOf(later).Verify("acme_x"u8, hash, CancellationToken.None));
        Assert.IsTrue(Hashers.HasherOf(later).IsOutdated(hash));
        Assert.AreEqual(SecretVerdict.Unusable, Hashers.HasherOf(without).Verify("acme_x"u8, hash, CancellationToken.None));
    }

    [TestMethod]
    public void Hash_CancelledBefore_IsNotBegun()
    {
        using ServiceProvider services = Hashers.Build(konscious: true, Cheap);
        ISecretHasher hasher = Hashers.HasherOf(services);
        string hash = hasher.Hash("acme_x"u8, CancellationToken.None);
        var cancelled = new CancellationToken(canceled: true);

        Assert.ThrowsExactly<OperationCanceledException>(() => hasher.Hash("acme_x"u8, cancelled));
        Assert.ThrowsExactly<OperationCanceledException>(() => hasher.Verify("acme_x"u8, hash, cancelled));
    }

    [TestMethod]
    public void Copy_Disposed_IsWiped()
    {
        var copy = new WipedCopy("acme_x"u8);
        Assert.AreSequenceEqual("acme_x"u8.ToArray(), copy.Bytes);

        copy.Dispose();

        Assert.AreSequenceEqual(new byte[6], copy.Bytes);
    }

    [TestMethod]
    public void UseKonsciousArgon2_AroundOtherHashers_LastOneIsUsed()
    {
        int others = 0;
        Argon2idFunction another = (_, _, _, _, _, _, _) => others++;
        IServiceCollection services = new ServiceCollection().AddLogging();
        services.AddTokenKit().ConfigureHashing(static hashing => hashing.Parameters = Cheap).UseArgon2("another", another).UseKonsciousArgon2();
        services.AddTokenKit();
        using (ServiceProvider konscious = services.BuildServiceProvider())
        {
            Hashers.HasherOf(konscious).Hash("acme_x"u8, CancellationToken.None);
            Assert.AreEqual(0, others);
        }

        services.AddTokenKit().UseArgon2("another", another);
        using ServiceProvider last = services.BuildServiceProvider();
        Hashers.HasherOf(last).Hash("acme_x"u8, CancellationToken.None);
        Assert.AreEqual(1, others);
    }

    [TestMethod]
    public void UseKonsciousArgon2_NoBuilder_Throws() =>
        Assert.ThrowsExactly<ArgumentNullException>(() => ((TokenKitBuilder)null!).UseKonsciousArgon2());

    [TestMethod]
    [DataRow(true, "Hashes are computed by Argon2id of Konscious.Security.Cryptography.Argon2.")]
    [DataRow(false, "Hashes are computed by Argon2id of TokenKit.")]
    public async Task Start_EitherHasher_LogsWhichItIs(bool konscious, string line)
    {
        using IHost host = Build(konscious);

        await host.StartAsync();
        await host.StopAsync();

        string[] lines = [.. host.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message)];
        Assert.Contains(line, lines);
        Assert.AreEqual(!konscious, lines.Any(written => written.StartsWith("Hashing takes at most", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Tokens_IssuedWithOneHasher_AreVerifiedWithTheOther()
    {
        foreach (bool konscious in new[] { true, false })
        {
            var store = new InMemoryTokenStore();
            using IHost before = Build(konscious, store: store);
            using IHost after = Build(!konscious, store: store);
            await before.StartAsync();
            await after.StartAsync();
            IssueResult result = await before.Services.GetRequiredService<ApiTokens>().IssueAsync(new IssueRequest("api") { Subject = "1000" });

            Assert.IsInstanceOfType<IssueResult.Issued>(result);
            Assert.IsInstanceOfType<VerificationResult.Valid>(
                await after.Services.GetRequiredService<ApiTokens>().VerifyAsync("api", ((IssueResult.Issued)result).Plaintext.Reveal()));
            await after.StopAsync();
            await before.StopAsync();
        }
    }

    private static IHost Build(bool konscious, ITokenStore? store = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddFakeLogging();
        TokenKitBuilder tokenKit = builder.Services.AddTokenKit()
            .UseStore(_ => store ?? new InMemoryTokenStore())
            .ConfigureHashing(static hashing => hashing.Parameters = Cheap)
            .AddRealm("api", static realm => realm.Prefix = "acme");
        if (konscious)
        {
            tokenKit.UseKonsciousArgon2();
        }

        return builder.Build();
    }
}
