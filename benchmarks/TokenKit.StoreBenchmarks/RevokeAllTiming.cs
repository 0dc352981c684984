using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Hashing;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.StoreBenchmarks;

/// <summary>What revoking all tokens of an owner costs, and on PostgreSQL how long other writers wait meanwhile.</summary>
internal static class RevokeAllTiming
{
    public static async Task MeasureAsync(int rows)
    {
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync("max_connections=200", "max_wal_size=8GB") ?? throw new InvalidOperationException("PostgreSQL's server is not installed.");
        var product = new PostgreSqlProduct(server.ConnectionString + ";Maximum Pool Size=100", "tokenkit_");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tokenkit-");
        using IHost embedded = await StartAsync(new SqliteProduct(Path.Combine(folder.FullName, "tokens.db"), "tokenkit_"));
        using IHost host = await StartAsync(product);
        (ApiTokens tokens, ITokenStore store) = (host.Services.GetRequiredService<ApiTokens>(), host.Services.GetRequiredService<ITokenStore>());

        Console.WriteLine("| revoke all | median | p99 | per second |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach ((string name, IHost node) in ((string, IHost)[])[("SQLite", embedded), ("PostgreSQL", host)])
        {
            for (int round = 0; round < 5; round++)
            {
                await BesideIssuersAsync(name, node.Services.GetRequiredService<ApiTokens>(), node.Services.GetRequiredService<ITokenStore>());
            }
        }

        await embedded.StopAsync();
        folder.Delete(recursive: true);
        if (rows == 0)
        {
            return;
        }

        await FillAsync(product, "'crowd'", rows);
        await WhileOthersWriteAsync(tokens, store, $"{rows:N0} tokens of one subject", SubjectFilter.Is("crowd"), rows);
        await FillAsync(product, $"'s' || (i % {rows / 10})", rows);
        await WhileOthersWriteAsync(tokens, store, $"{rows:N0} tokens of {rows / 10:N0} subjects", SubjectFilter.Any, rows);
    }

    private static async Task<IHost> StartAsync(Product product)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ISecretHasher>(new QuickHasher());
        product.Use(builder.Services.AddLogging().AddTokenKit().AddRealm(Population.Realm, realm => realm.Prefix = "acme"));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task BesideIssuersAsync(string product, ApiTokens tokens, ITokenStore store)
    {
        ApiToken first = ((IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(Population.Realm) { Subject = "1000", Scopes = ScopeSet.Create(ApiTokens.ManageScope) })).Token;
        var child = new IssueRequest(Population.Realm) { Subject = "1000", Scopes = ScopeSet.Empty, Actor = TokenActor.For(first) };
        for (int number = 1; number < 1_000; number++)
        {
            await tokens.IssueAsync(child);
        }

        Task[] issuers = [.. Enumerable.Range(0, 24).Select(_ => Task.Run(async () =>
        {
            while (await tokens.IssueAsync(child) is IssueResult.Issued)
            {
            }
        }))];
        await Task.Delay(50);
        Samples revocation = await Samples.TakeAsync(_ => tokens.RevokeAllAsync(Population.Realm, SubjectFilter.Is("1000"), spared: null), 1);
        await Task.WhenAll(issuers);
        long left = await store.CountAsync(Population.Realm, SubjectFilter.Is("1000"), CancellationToken.None);
        revocation.Print($"{product}: 1,000 tokens beside 24 issuers ({left} left)");
    }

    private static async Task WhileOthersWriteAsync(ApiTokens tokens, ITokenStore store, string what, SubjectFilter owner, int rows)
    {
        bool isDone = false;
        Task<Samples> others = Task.Run(() => Samples.TakeWhileAsync(
            _ => !Volatile.Read(ref isDone),
            async _ => await store.CommitAsync(new TokenChange.Issue(TimeProvider.System, Rows.New("crowd", ""), TokenActor.Host), CancellationToken.None),
            TimeSpan.FromMilliseconds(5)));
        var watch = Stopwatch.StartNew();
        int revoked = await tokens.RevokeAllAsync(Population.Realm, owner, spared: null);
        TimeSpan elapsed = watch.Elapsed;
        Volatile.Write(ref isDone, true);
        Samples waits = await others;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what}: {revoked:N0} revoked | {elapsed.TotalSeconds:0.0} s | | {rows / elapsed.TotalSeconds:N0} |"));
        waits.Print(string.Create(CultureInfo.InvariantCulture, $"– other writes meanwhile, longest {waits.Longest:0.0} ms"));
    }

    private static async Task FillAsync(PostgreSqlProduct product, string subject, int rows)
    {
        await product.ExecuteAsync($"""
            INSERT INTO {product.Table} (id, realm, kind, subject, name, scopes, hint, hash, created_at, updated_at, version)
            SELECT decode(md5(random()::text || i), 'hex'), '{Population.Realm}', 'pat', {subject}, 'CI', '', 'acme_8fKq2', repeat('h', 96), i, i, 1
            FROM generate_series(1, {rows}) AS n(i)
            """);
        await product.ExecuteAsync($"VACUUM ANALYZE {product.Table}");
    }
}
