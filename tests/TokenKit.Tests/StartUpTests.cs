using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.Tests;

[TestClass]
public sealed class StartUpTests
{
    [TestMethod]
    public async Task Start_WithoutStore_FailsAndSaysSo()
    {
        InvalidOperationException exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(
            () => StartAsync(builder => builder.AddRealm("api", realm => realm.Prefix = "acme")));
        Assert.Contains("has no store", exception.Message);
        Assert.Contains("UseSqlite", exception.Message);
    }

    // Whether AddLogging comes before AddTokenKit, after it or not at all.
    [TestMethod]
    [DataRow(null)]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Services_WithOrWithoutLogging_IssueAndLogWhereTheHostDoes(bool? logsBefore)
    {
        var services = new ServiceCollection();
        using var logs = new FakeLoggerProvider();
        if (logsBefore is true)
        {
            services.AddLogging(logging => logging.AddProvider(logs));
        }

        services.AddTokenKit().UseInMemoryStore().AddRealm("api", realm => realm.Prefix = "acme");
        if (logsBefore is false)
        {
            services.AddLogging(logging => logging.AddProvider(logs));
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ApiTokens>().IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" });

        Assert.AreEqual(logsBefore is not null, logs.Collector.GetSnapshot().Any(line => line.Category == typeof(ApiTokens).FullName));
    }

    [TestMethod]
    public async Task Start_RecoverableCopiesWithoutProtector_FailsAndSaysSo()
    {
        InvalidOperationException exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(
            () => StartAsync(builder => builder.UseInMemoryStore().AddRealm("api", realm =>
            {
                realm.Prefix = "acme";
                realm.KeepRecoverableCopies = true;
            })));
        Assert.Contains("ITokenProtector", exception.Message);
    }

    [TestMethod]
    public async Task Start_WithoutRealm_FailsAndSaysSo()
    {
        InvalidOperationException exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => StartAsync(builder => builder.UseInMemoryStore()));
        Assert.Contains("AddRealm", exception.Message);
    }

    public static IEnumerable<(string Failure, Action<RealmOptions> Configure)> WrongRealms() =>
    [
        ("Prefix ''", realm => realm.Prefix = ""),
        ("Prefix 'Acme'", realm => realm.Prefix = "Acme"),
        ("former prefix 'a_'", realm => realm.FormerPrefixes.Add("a_")),
        ("DefaultKind is empty", realm => realm.DefaultKind = null!),
        ("greater than zero", realm => realm.DefaultLifetime = TimeSpan.Zero),
        ("greater than zero", realm => realm.MaximumLifetime = TimeSpan.FromDays(-1)),
        ("longer than MaximumLifetime", realm => realm.MaximumLifetime = TimeSpan.FromDays(89)),
        ("would never expire", realm => realm.DefaultLifetime = null),
        ("at least 1", realm => realm.MaximumLivingTokens = 0),
        ("MaximumNameLength", realm => realm.MaximumNameLength = 10_001),
        ("MaximumRevocationDelay must be", realm => realm.MaximumRevocationDelay = TimeSpan.FromTicks(-1)),
        ("MaximumRevocationDelay must be", realm => realm.MaximumRevocationDelay = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1)),
        ("IssuedScopes is null", realm => realm.IssuedScopes = null!),
        ("kind 'Bad Kind'", realm => realm.AddKind("Bad Kind")),
        ("kind 'session'", realm => realm.AddKind("session", kind => kind.Prefix = "-")),
    ];

    [TestMethod]
    [DynamicData(nameof(WrongRealms))]
    public async Task Start_WrongRealm_FailsAndSaysWhat(string failure, Action<RealmOptions> configure)
    {
        OptionsValidationException exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(
            () => StartAsync(builder => builder.UseInMemoryStore().AddRealm("api", realm =>
            {
                realm.Prefix = "acme";
                configure(realm);
            })));
        Assert.Contains(failure, exception.Message);
    }

    [TestMethod]
    public async Task Start_WrongRealmName_Fails() => await Assert.ThrowsExactlyAsync<OptionsValidationException>(
        () => StartAsync(builder => builder.UseInMemoryStore().AddRealm("My Realm", realm => realm.Prefix = "acme")));

    public static IEnumerable<Action<TokenKitBuilder>> WrongOptions() =>
    [
        builder => builder.ConfigureHashing(options => options.MaximumConcurrency = 0),
        builder => builder.ConfigureHashing(options => options.QueueLimit = -1),
        builder => builder.ConfigureHashing(options => options.RetryAfter = TimeSpan.Zero),
        builder => builder.ConfigureHashing(options => options.Parameters = new Argon2Parameters(1024 * 1024, 1, 1)),
        builder => builder.ConfigureVerification(options => options.ProofCacheCapacity = -1),
        builder => builder.ConfigureVerification(options => options.RowCacheCapacity = 0),
        builder => builder.ConfigureLastUsed(options => options.Window = TimeSpan.Zero),
        builder => builder.ConfigureLastUsed(options => options.BufferLimit = 0),
    ];

    [TestMethod]
    [DynamicData(nameof(WrongOptions))]
    public async Task Start_WrongOptions_Fails(Action<TokenKitBuilder> configure) => await Assert.ThrowsExactlyAsync<OptionsValidationException>(
        () => StartAsync(builder => configure(builder.UseInMemoryStore().AddRealm("api", realm => realm.Prefix = "acme"))));

    [TestMethod]
    public async Task AddTokenKit_Twice_AddsNothingTwice()
    {
        var once = new ServiceCollection();
        once.AddTokenKit();
        var twice = new ServiceCollection();
        twice.AddTokenKit();
        twice.AddTokenKit();
        Assert.AreEqual(
            once.Count(service => service.ServiceType == typeof(IHostedService)),
            twice.Count(service => service.ServiceType == typeof(IHostedService)));
        Assert.AreEqual(once.Count(service => service.ServiceType == typeof(ApiTokens)), twice.Count(service => service.ServiceType == typeof(ApiTokens)));

        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.Services.AddTokenKit().AddRealm(TestNode.Realm, realm => realm.DefaultLifetime = TimeSpan.FromDays(1)));
        Assert.AreEqual(kit.Clock.GetUtcNow().AddDays(1), (await kit.IssueAsync()).Token.ExpiresAt);
    }

    [TestMethod]
    public async Task Start_Host_LogsRealmsAndWorstMemory()
    {
        await using TestNode kit = await TestNode.StartAsync();
        Assert.IsTrue(kit.Logs.Lines.Any(line => line.Contains("serves the realms api", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Start_OwnHasher_LogsWorstMemory()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<ISecretHasher, Argon2SecretHasher>();
            builder.ConfigureHashing(options => options.MaximumConcurrency = 3);
        });
        Assert.IsTrue(kit.Logs.Lines.Any(line => line.StartsWith("2 Hashing takes at most 57 MiB: 3 times 19456 KiB.", StringComparison.Ordinal) && line.Contains("256 MiB", StringComparison.Ordinal)));
    }

    private static async Task StartAsync(Action<TokenKitBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services.AddTokenKit());
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }
}
