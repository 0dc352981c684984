using System.Data.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>The contenders of the macro benchmark.</summary>
internal static class MacroHosts
{
    /// <summary>The file of the host whose writes are counted.</summary>
    public const string TrackedFile = "cached.db";

    private const int HotTokens = 10;

    private static IReadOnlyList<Caller> Callers { get; } =
        [.. Enumerable.Range(0, HotTokens).Select(number => new Caller(Guid.CreateVersion7().ToString(), $"user {number}", "pat", Caller.AllScopes))];

    public static async Task RunAsync(string folder, string? postgreSql)
    {
        await using var hosts = new ServedHosts();
        hosts.Offer(await hosts.StartAsync(Contender.Anonymous, configure: null), Contender.Anonymous, []);

        // As long as a token, and different ones: the server reads a header that is the one before for less.
        string[] anything = [.. Callers.Select(_ => Malformed())];
        hosts.Offer(await hosts.StartAsync(Contender.NoOp, AddScheme<NoOpHandler>(NoOpHandler.SchemeName)), Contender.NoOp, anything);
        hosts.Offer(
            await hosts.StartAsync(Contender.Principal, AddScheme<PrincipalHandler>(PrincipalHandler.SchemeName)), Contender.Principal, anything);
        await AddJwtAsync(hosts, Contender.JwtHs256, JwtTokens.WithSharedKey());
        await AddJwtAsync(hosts, Contender.JwtRs256, JwtTokens.WithKeyPair());

        string byHand = Path.Combine(folder, "by-hand.db");
        await using DbDataSource handSqlite = SqliteFactory.Instance.CreateDataSource($"Data Source={byHand}");
        await AddHandWrittenAsync(hosts, Contender.HandSqlite, Contender.HandUnknownSqlite, handSqlite, "BLOB");

        WebApplication cached = await AddCachedAsync(hosts, Contender.Cached, Path.Combine(folder, TrackedFile), tracks: true);
        await CountWritesAsync(Path.Combine(folder, TrackedFile));
        hosts.Offer(cached, Contender.UnknownCached, await TokenKitHost.IssueUnknownAsync(cached, HotTokens), StatusCodes.Status401Unauthorized);
        hosts.Offer(cached, Contender.Malformed, Callers.Select(_ => Malformed()), StatusCodes.Status401Unauthorized);
        await AddCachedAsync(hosts, Contender.CachedUntracked, Path.Combine(folder, "untracked.db"), tracks: false);
        await AddTokenKitAsync(hosts, Contender.Sqlite, Contender.UnknownSqlite, builder => builder.UseFile(Path.Combine(folder, "tokens.db")));

        await using DbDataSource? prepared = postgreSql is null ? null : NpgsqlDataSource.Create($"{postgreSql};{TokenKitHost.Prepared}");
        await using DbDataSource? plain = postgreSql is null ? null : NpgsqlDataSource.Create(postgreSql);
        if (prepared is not null && plain is not null)
        {
            await AddHandWrittenAsync(hosts, Contender.HandPostgreSql, Contender.HandUnknownPostgreSql, prepared, "bytea");
            await AddHandWrittenAsync(hosts, Contender.HandPlainPostgreSql, unknown: null, plain, "bytea");
            await AddPostgreSqlAsync(hosts, Contender.PostgreSql, Contender.UnknownPostgreSql, prepared);
            await AddPostgreSqlAsync(hosts, Contender.PlainPostgreSql, unknown: null, plain);
        }

        await AddColdAsync(hosts, folder);
        await hosts.ServeAsync();
    }

    private static Action<IServiceCollection> AddScheme<THandler>(string scheme)
        where THandler : AuthenticationHandler<AuthenticationSchemeOptions> =>
        services => services.AddAuthentication(scheme).AddScheme<AuthenticationSchemeOptions, THandler>(scheme, configureOptions: null);

    private static async Task AddJwtAsync(ServedHosts hosts, string name, JwtTokens tokens) =>
        hosts.Offer(await hosts.StartAsync(name, tokens.AddTo), name, Callers.Select(tokens.Issue));

    private static async Task AddHandWrittenAsync(ServedHosts hosts, string name, string? unknown, DbDataSource source, string binaryType)
    {
        var keys = new HandWrittenKeys(source, binaryType);
        string[] issued = await keys.CreateAsync(Callers);
        WebApplication host = await hosts.StartAsync(name, services =>
        {
            services.AddSingleton(keys);
            AddScheme<HandWrittenHandler>(HandWrittenHandler.SchemeName)(services);
        });
        hosts.Offer(host, name, issued);
        if (unknown is not null)
        {
            hosts.Offer(host, unknown, issued.Select(key => string.Concat(key[..^8], "00000000")), StatusCodes.Status401Unauthorized);
        }
    }

    private static async Task<WebApplication> AddCachedAsync(ServedHosts hosts, string name, string file, bool tracks)
    {
        WebApplication host = await hosts.StartAsync(name, services => services
            .AddTokens(realm => realm.MaximumRevocationDelay = TimeSpan.FromSeconds(5))
            .ConfigureLastUsed(lastUsed => lastUsed.Enabled = tracks)
            .UseFile(file));
        hosts.Offer(host, name, Plaintexts(await TokenKitHost.IssueAsync(host.Services, HotTokens)));
        return host;
    }

    private static async Task AddTokenKitAsync(ServedHosts hosts, string name, string? unknown, Action<TokenKitBuilder> useStore)
    {
        WebApplication host = await hosts.StartAsync(name, services => useStore(services.AddTokens()));
        hosts.Offer(host, name, Plaintexts(await TokenKitHost.IssueAsync(host.Services, HotTokens)));
        if (unknown is not null)
        {
            hosts.Offer(host, unknown, await TokenKitHost.IssueUnknownAsync(host, HotTokens), StatusCodes.Status401Unauthorized);
        }
    }

    private static Task AddPostgreSqlAsync(ServedHosts hosts, string name, string? unknown, DbDataSource source) =>
        AddTokenKitAsync(hosts, name, unknown, builder => builder.UsePostgreSql(source, store => store.MigrateAtStart = true));

    // Where no proof is remembered, every use is a first one.
    private static async Task AddColdAsync(ServedHosts hosts, string folder)
    {
        string file = Path.Combine(folder, "cold.db");
        WebApplication cold = await hosts.StartAsync(Contender.Cold, services => services
            .AddTokens()
            .ConfigureVerification(verification => verification.ProofCacheCapacity = 0)
            .UseFile(file));
        List<IssueResult.Issued> issued = await TokenKitHost.IssueAsync(cold.Services, HotTokens);
        hosts.Offer(cold, Contender.Cold, Plaintexts(issued));

        var known = issued.ToDictionary(one => one.Plaintext.Reveal(), one => one.Token.Id, StringComparer.Ordinal);
        WebApplication bare = await hosts.StartAsync(Contender.Bare, services =>
        {
            services.AddTokenKit().AddRealm(Caller.Realm, realm => realm.Prefix = TokenKitHost.Prefix).UseFile(file);
            services.AddSingleton(new BareTokens(known));
            AddScheme<BareHandler>(BareHandler.SchemeName)(services);
        });
        hosts.Offer(bare, Contender.Bare, known.Keys);
    }

    // The database itself notes each row that a last use is written to.
    private static async Task CountWritesAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(
            """
            CREATE TABLE last_use_written (id BLOB);
            CREATE TRIGGER note_last_use AFTER UPDATE OF last_used_at ON tokenkit_token BEGIN
                INSERT INTO last_use_written VALUES (NEW.id);
            END
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<string> Plaintexts(IEnumerable<IssueResult.Issued> issued) => issued.Select(one => one.Plaintext.Reveal());

    // Of the right length and alphabet, but with a checksum that is hardly right.
    private static string Malformed() => $"{TokenKitHost.Prefix}_{Guid.NewGuid():N}{Guid.NewGuid():N}0000000";
}
