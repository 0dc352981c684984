using System.Data.Common;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Tests.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Execution;

/// <summary>A host that could not revoke does not start, and one that can no longer revoke is not healthy.</summary>
[TestClass]
public sealed partial class WriteProofTests
{
    private const string NoRight = "The token store could not prove that it can write: the role lacks a right that this needs.";

    [TestMethod]
    [DataRow("UPDATE", "token")]
    [DataRow("DELETE", "token")]
    [DataRow("INSERT", "token")]
    [DataRow("INSERT", "change")]
    [DataRow("DELETE", "change")]
    [DataRow("INSERT", "guard")]
    [DataRow("UPDATE", "guard")]
    [DataRow("DELETE", "guard")]
    public async Task Host_WhoseRoleLacksARight_DoesNotStartAndSaysSo(string right, string table)
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using RoleOf role = await RoleOf.CreateAsync(database);
        await StartAsync(role);
        await database.ExecuteAsync($"REVOKE {right} ON tokenkit_{table} FROM {role.Name}");

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => StartAsync(role));

        Assert.AreEqual(NoRight, failure.Message);
    }

    [TestMethod]
    public async Task Health_OfARoleThatLostARight_SaysWhy()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using RoleOf role = await RoleOf.CreateAsync(database);
        var logger = new FakeLogger();
        var store = new DapperTokenStore(new SqlDatabase(role.Source, database.Dialect()), logger: logger);
        Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);

        for (int times = 1; times <= 2; times++)
        {
            await database.ExecuteAsync($"REVOKE UPDATE ON tokenkit_token FROM {role.Name}");
            for (int check = 0; check < 3; check++)
            {
                StoreStatus status = await store.CheckAsync(CancellationToken.None);
                Assert.IsFalse(status.IsUsable);
                Assert.AreEqual(NoRight, status.Description);
            }

            // Once for each time that it happens.
            Assert.HasCount(times, logger.Collector.GetSnapshot().Where(line => line.Id.Id == 2003));
            await database.ExecuteAsync($"GRANT UPDATE ON tokenkit_token TO {role.Name}");
            Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);
        }
    }

    [TestMethod]
    public async Task Host_WithoutTheDriversRewriting_DoesNotStartAndNamesTheSwitch()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();

        string answer = await StartElsewhereAsync(database.Address, "no rewriting");

        Assert.AreEqual("The token store could not prove that it can write: the driver does not run its statements; if the switch Npgsql.EnableSqlRewriting is off, leave it on.", answer);
        Assert.AreEqual("started", await StartElsewhereAsync(database.Address, "none"));
    }

    [TestMethod]
    public async Task Host_WithAnOldSqlite_DoesNotStartAndSaysWhichItNeeds()
    {
        if (!TryFindOldSqlite(out string version))
        {
            Assert.Inconclusive($"The system's SQLite is not older than 3.41, or there is none: {version}");
        }

        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();

        string answer = await StartElsewhereAsync(database.File, "old SQLite");

        Assert.Contains($"This process has SQLite {version}, and TokenKit needs 3.41 or newer.", answer);
        Assert.AreEqual("started", await StartElsewhereAsync(database.File, "none"));
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Proof_AtStartAndInHealth_LeavesNothingAndUsesUpNoNumber(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        var store = (DapperTokenStore)database.OpenStore();
        for (int round = 0; round < 3; round++)
        {
            await store.ProveAtStartAsync(CancellationToken.None);
            Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);
        }

        Assert.AreEqual(0L, await database.ExecuteAsync(
            "SELECT (SELECT count(*) FROM tokenkit_token) + (SELECT count(*) FROM tokenkit_change) + (SELECT count(*) FROM tokenkit_guard)"));
        Assert.AreEqual(1, (await store.AddAsync(Tokens.Row())).Sequence);
    }

    [TestMethod]
    public async Task Proof_WhileOthersHoldEveryRow_WaitsForNobody()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        var store = (DapperTokenStore)database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        await store.CommitAsync(new TokenChange.Issue(Tokens.Clock, Tokens.Row("child") with { Scopes = "" }, TokenActor.For(ApiToken.From(acting))), CancellationToken.None);
        await database.ExecuteAsync("UPDATE tokenkit_token SET revoked_at = 1, expires_at = 1; UPDATE tokenkit_change SET at = 1; INSERT INTO tokenkit_guard VALUES ('api', 'nobody')");
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await using var lockAll = new NpgsqlCommand(
            "SELECT 1 FROM tokenkit_token FOR UPDATE; SELECT 1 FROM tokenkit_change FOR UPDATE; SELECT 1 FROM tokenkit_guard FOR UPDATE", other);
        await lockAll.ExecuteNonQueryAsync();

        await store.ProveAtStartAsync(CancellationToken.None);
        Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);

        // And it holds none itself while it runs: what it changes is behind a rollback, what it locks is not there.
        Assert.AreEqual(2L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"));
    }

    [TestMethod]
    public async Task Health_WhileAnotherConnectionWrites_TakesNoLockOfSqlite()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();

        var watch = Stopwatch.StartNew();
        Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);
        Assert.IsLessThan(TimeSpan.FromSeconds(3), watch.Elapsed);
    }

    [TestMethod]
    public async Task Start_WhileAnotherConnectionKeepsWriting_DoesNotFail()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        var store = (DapperTokenStore)database.OpenStore();
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();

        await Task.Run(() => store.ProveAtStartAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task Start_OnAReadOnlyDatabase_Fails()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await using DbDataSource readOnly = SqliteFactory.Instance.CreateDataSource($"Data Source={database.File};Mode=ReadOnly");
        var store = new DapperTokenStore(new SqlDatabase(readOnly, SqliteDatabase.Dialect()));

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => store.ProveAtStartAsync(CancellationToken.None));

        Assert.StartsWith("The token store could not prove that it can write: the database file, the file -wal or -shm beside it,", failure.Message);
    }

    [TestMethod]
    [DataRow("tokenkit_token_subject_unrevoked")]
    [DataRow("tokenkit_token_inserted")]
    public async Task Health_WithoutAnIndexThatAWriteNames_SaysSo(string index)
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await database.ExecuteAsync($"DROP INDEX {index}");

        StoreStatus status = await store.CheckAsync(CancellationToken.None);

        // Lists name the other one, which is no reason to say that tokens cannot be revoked.
        Assert.AreEqual(index == "tokenkit_token_inserted", status.IsUsable);
    }

    // A lock counts as writing: FOR UPDATE needs the right to update.
    [TestMethod]
    public void Writing_OfEachDialect_HoldsEveryStatementThatWrites()
    {
        foreach (TokenKit.Dapper.Dialects.SqlDialect dialect in ParityTests.Dialects)
        {
            string[] writing =
            [
                .. DialectStatements.Of(dialect)
                    .Where(statement => statement.Sql is not null && typeof(TokenKit.Dapper.Dialects.TokenStatements).GetProperty(statement.Name) is not null && Writes().IsMatch(statement.Sql))
                    .Select(statement => statement.Sql!),
            ];

            Assert.IsGreaterThan(8, writing.Length);
            Assert.IsEmpty(writing.Except(dialect.Tokens.Writing), dialect.Name);
        }
    }

    private static async Task StartAsync(RoleOf role)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging().AddTokenKit()
            .UsePostgreSql(role.Source, options => options.SchemaName = role.SchemaName)
            .AddRealm("api", realm => realm.Prefix = "acme");
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }

    private static async Task<string> StartElsewhereAsync(string address, string fault)
    {
        using Process process = Worker.Start("start", address, fault);
        string output = await process.StandardOutput.ReadToEndAsync();
        Assert.AreEqual("", await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return output.Trim();
    }

    private static bool TryFindOldSqlite(out string version)
    {
        version = "";
        if (!NativeLibrary.TryLoad("libsqlite3.so.0", out nint library))
        {
            return false;
        }

        version = Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<LibVersion>(NativeLibrary.GetExport(library, "sqlite3_libversion"))())!;
        return Version.Parse(version) < new Version(3, 41);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint LibVersion();

    [GeneratedRegex(@"\b(INSERT|UPDATE|DELETE)\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Writes();

    /// <summary>A role with the rights that a running host needs, and its data source.</summary>
    private sealed class RoleOf : IAsyncDisposable
    {
        private readonly PostgreSqlDatabase _database;

        private RoleOf(PostgreSqlDatabase database)
        {
            _database = database;
            Name = $"role_{Guid.NewGuid():N}";
            Source = NpgsqlDataSource.Create($"{database.Address};Username={Name}");
        }

        public string Name { get; }

        public string SchemaName => _database.Options.SchemaName!;

        public NpgsqlDataSource Source { get; }

        public static async Task<RoleOf> CreateAsync(PostgreSqlDatabase database)
        {
            var role = new RoleOf(database);
            await database.ExecuteAsync($"""
                CREATE ROLE {role.Name} LOGIN;
                GRANT USAGE ON SCHEMA {role.SchemaName} TO {role.Name};
                GRANT SELECT ON tokenkit_schema TO {role.Name};
                GRANT SELECT, INSERT, UPDATE, DELETE ON tokenkit_token, tokenkit_change, tokenkit_guard TO {role.Name};
                """);
            return role;
        }

        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            await _database.ExecuteAsync($"DROP OWNED BY {Name}; DROP ROLE {Name}");
        }
    }
}
