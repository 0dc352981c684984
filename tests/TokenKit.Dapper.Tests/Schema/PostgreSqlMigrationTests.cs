using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>Steps on a server in use: locks, indexes that are built meanwhile, limits, and processes that died.</summary>
/// <remarks>They hold snapshots, and the indexes of every other test in the same database would wait for these.</remarks>
[TestClass]
[DoNotParallelize]
public sealed class PostgreSqlMigrationTests
{
    /// <summary>A migration that hangs is one that failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestMethod]
    public async Task Migrate_WithTheRowLocked_AsksAgainEverySecondAndNeverWaitsInAStatement()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using var counting = new CountingSource(database.Source);
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockRowAsync(other);

        Task migration = SchemaOf(database, counting).MigrateAsync();
        await ExpectNoWaitingAsync(database, TimeSpan.FromSeconds(4));
        Assert.IsFalse(migration.IsCompleted);

        // One looks at the database before the first attempt.
        Assert.IsInRange(3, 6, counting.Opened.Count);
        await transaction.RollbackAsync();
        await migration.WaitAsync(Patience);
        Assert.AreEqual(NextVersion.Number, await VersionAsync(database));
    }

    [TestMethod]
    public async Task Migrate_CancelledWhileTheRowIsLocked_EndsPromptlyAndLeavesTheSchema()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockRowAsync(other);
        using var cancellation = new CancellationTokenSource();

        Task migration = SchemaOf(database).MigrateAsync(cancellation.Token);
        await Task.Delay(300);
        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => migration.WaitAsync(Patience));

        Assert.IsLessThan(TimeSpan.FromSeconds(3), watch.Elapsed);
        await transaction.RollbackAsync();
        Assert.AreEqual(2, await VersionAsync(database));
    }

    [TestMethod]
    public async Task Migrate_WithTheTableInUse_LetsOthersPass()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM tokenkit_token", other))
        {
            await read.ExecuteScalarAsync();
        }

        // ALTER TABLE waits for the reader, and everyone else behind it: for no longer than two seconds at a time.
        Task migration = SchemaOf(database).MigrateAsync();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(6);)
        {
            Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
            await Task.Delay(50);
        }

        Assert.IsFalse(migration.IsCompleted);
        await transaction.RollbackAsync();
        await migration.WaitAsync(Patience);
        Assert.AreEqual(NextVersion.Number, await VersionAsync(database));
    }

    [TestMethod]
    public async Task Migrate_WithAnInvalidIndexLeftByACrash_CreatesItAnew()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await MakeInvalidIndexAsync(database);

        await SchemaOf(database).MigrateAsync().WaitAsync(Patience);

        Assert.IsTrue(await IsIndexValidAsync(database));
        Assert.Contains("(note, realm)", (string)(await database.ExecuteAsync("SELECT pg_get_indexdef(to_regclass('tokenkit_token_note'))"))!);
        Assert.AreEqual(NextVersion.Number, await VersionAsync(database));
    }

    [TestMethod]
    public async Task Migrate_WhileTheStatementOfADeadProcessBuildsTheIndex_WaitsForItAndKeepsIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await database.ExecuteAsync("ALTER TABLE tokenkit_token ADD COLUMN note text NULL");
        await using NpgsqlConnection dead = await database.OpenConnectionAsync();
        await using NpgsqlConnection reader = await database.OpenConnectionAsync();
        await using NpgsqlTransaction snapshot = await HoldSnapshotAsync(reader);
        await using var create = new NpgsqlCommand("CREATE INDEX CONCURRENTLY tokenkit_token_note ON tokenkit_token (note, realm)", dead);
        Task building = create.ExecuteNonQueryAsync();
        await WaitUntilBuildingAsync(database);
        object? index = await database.ExecuteAsync("SELECT to_regclass('tokenkit_token_note')::oid::text");

        Task migration = SchemaOf(database).MigrateAsync();
        await ExpectNoWaitingAsync(database, TimeSpan.FromSeconds(2.5));
        Assert.IsFalse(migration.IsCompleted);
        Assert.IsFalse(building.IsCompleted);
        await snapshot.RollbackAsync();
        await building;
        await migration.WaitAsync(Patience);

        Assert.AreEqual(index, await database.ExecuteAsync("SELECT to_regclass('tokenkit_token_note')::oid::text"));
        Assert.IsTrue(await IsIndexValidAsync(database));
    }

    [TestMethod]
    public async Task Migrate_CancelledWhileTheIndexIsBuilt_EndsPromptlyAndTheNextOneFinishes()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using NpgsqlConnection reader = await database.OpenConnectionAsync();
        await using NpgsqlTransaction snapshot = await HoldSnapshotAsync(reader);
        using var cancellation = new CancellationTokenSource();

        Task migration = SchemaOf(database).MigrateAsync(cancellation.Token);
        await WaitUntilBuildingAsync(database);
        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => migration.WaitAsync(Patience));
        Assert.IsLessThan(TimeSpan.FromSeconds(5), watch.Elapsed);
        Assert.AreEqual(2, await VersionAsync(database));
        Assert.IsFalse(await IsIndexValidAsync(database));

        await snapshot.RollbackAsync();
        await SchemaOf(database).MigrateAsync().WaitAsync(Patience);
        Assert.AreEqual(NextVersion.Number, await VersionAsync(database));
        Assert.IsTrue(await IsIndexValidAsync(database));
    }

    [TestMethod]
    public async Task Migrate_WhoseSessionsEndWhileTheIndexIsBuilt_IsFinishedByTheSameCall()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using NpgsqlConnection reader = await database.OpenConnectionAsync();
        await using NpgsqlTransaction snapshot = await HoldSnapshotAsync(reader);

        Task migration = SchemaOf(database).MigrateAsync();
        await WaitUntilBuildingAsync(database);
        await database.ExecuteAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{database.Options.SchemaName}'");
        await Task.Delay(500);
        await snapshot.RollbackAsync();
        await migration.WaitAsync(Patience);

        Assert.AreEqual(NextVersion.Number, await VersionAsync(database));
        Assert.IsTrue(await IsIndexValidAsync(database));
    }

    [TestMethod]
    public async Task Migrate_WithTheLimitsOfAnImpatientRole_TakesAsLongAsItNeedsAndRestoresThem()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using NpgsqlConnection reader = await database.OpenConnectionAsync();
        await using NpgsqlTransaction snapshot = await HoldSnapshotAsync(reader);
        await using var impatient = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.Source.ConnectionString)
        {
            Options = "-c statement_timeout=3s -c lock_timeout=3s -c idle_in_transaction_session_timeout=3s",
            NoResetOnClose = true,
        });
        var sql = new SqlDatabase(impatient, database.Dialect());

        // Longer than the limit of the role, and than that of the store's own commands.
        Task migration = new TokenKitSchema(sql, NextVersion.Of(sql.Dialect, """
            SELECT pg_sleep(11);

            -- outside the transaction
            CREATE INDEX CONCURRENTLY IF NOT EXISTS "tokenkit_token_note"
                ON "tokenkit_token" (wire_data);

            -- inside the transaction
            UPDATE "tokenkit_schema" SET version = 3 WHERE id = 1 AND version < 3;
            """)).MigrateAsync();
        await WaitUntilBuildingAsync(database);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.IsFalse(migration.IsCompleted);
        await snapshot.RollbackAsync();
        await migration.WaitAsync(Patience);

        Assert.IsTrue(await IsIndexValidAsync(database));
        await using NpgsqlConnection first = await impatient.OpenConnectionAsync();
        await using NpgsqlConnection second = await impatient.OpenConnectionAsync();
        foreach (NpgsqlConnection pooled in (NpgsqlConnection[])[first, second])
        {
            await using var limits = new NpgsqlCommand("SELECT current_setting('statement_timeout') || current_setting('lock_timeout')", pooled);
            Assert.AreEqual("3s3s", await limits.ExecuteScalarAsync());
        }
    }

    [TestMethod]
    public async Task Print_WithAPartOutsideTheTransaction_CanBeRunAgainWithPsql()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await MakeInvalidIndexAsync(database);
        string script = SchemaOf(database).Print(fromVersion: 2);

        await RunWithPsqlAsync(database, script);
        await RunWithPsqlAsync(database, script);

        Assert.AreEqual(SchemaState.Current, (await SchemaOf(database).CheckAsync()).State);
        Assert.IsTrue(await IsIndexValidAsync(database));
        Assert.Contains("with psql", script);
    }

    [TestMethod]
    public void Script_WithPartsOutside_IsSplitWhereItSays()
    {
        IReadOnlyList<MigrationPart> parts = MigrationPart.AllOf("""
            -- First.
            SELECT 1;

            -- outside the transaction
            SELECT 2;
            -- outside the transaction
            SELECT 3;

            -- inside the transaction

            SELECT 4;
            """);

        Assert.AreSequenceEqual(
            [new MigrationPart("-- First.\nSELECT 1;", true), new MigrationPart("SELECT 2;", false), new MigrationPart("SELECT 3;", false), new MigrationPart("SELECT 4;", true)],
            parts);
    }

    private static TokenKitSchema SchemaOf(PostgreSqlDatabase database, System.Data.Common.DbDataSource? source = null)
    {
        var sql = new SqlDatabase(source ?? database.Source, database.Dialect());
        return new TokenKitSchema(sql, NextVersion.ThatAdds(sql.Dialect));
    }

    private static async Task<int> VersionAsync(PostgreSqlDatabase database) => (int)(await database.ExecuteAsync("SELECT version FROM tokenkit_schema"))!;

    private static async Task<bool> IsIndexValidAsync(PostgreSqlDatabase database) =>
        await database.ExecuteAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('tokenkit_token_note')") is true;

    // A unique index that finds the same value twice is given up like one whose process died.
    private static async Task MakeInvalidIndexAsync(PostgreSqlDatabase database)
    {
        await database.OpenStore().AddAsync(Tokens.Row());
        await database.OpenStore().AddAsync(Tokens.Row());
        await Assert.ThrowsExactlyAsync<PostgresException>(
            () => database.ExecuteAsync("CREATE UNIQUE INDEX CONCURRENTLY tokenkit_token_note ON tokenkit_token (realm)"));
        Assert.IsFalse(await IsIndexValidAsync(database));
    }

    private static async Task<NpgsqlTransaction> LockRowAsync(NpgsqlConnection connection)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var lockRow = new NpgsqlCommand("SELECT version FROM tokenkit_schema FOR UPDATE", connection);
        await lockRow.ExecuteScalarAsync();
        return transaction;
    }

    /// <summary>No statement of the store waits for a lock for that long.</summary>
    private static async Task ExpectNoWaitingAsync(PostgreSqlDatabase database, TimeSpan time)
    {
        string waiting = $"SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{database.Options.SchemaName}'";
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; await Task.Delay(20))
        {
            Assert.IsNull(await database.ExecuteAsync(waiting));
        }
    }

    /// <summary>An index that is built waits for the snapshot, and holds no table that a step alters.</summary>
    private static async Task<NpgsqlTransaction> HoldSnapshotAsync(NpgsqlConnection connection)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var read = new NpgsqlCommand("SELECT 1", connection);
        await read.ExecuteScalarAsync();
        return transaction;
    }

    private static async Task WaitUntilBuildingAsync(PostgreSqlDatabase database)
    {
        const string Building = "SELECT 1 FROM pg_stat_progress_create_index WHERE index_relid = to_regclass('tokenkit_token_note')";
        for (var watch = Stopwatch.StartNew(); await database.ExecuteAsync(Building) is null; await Task.Delay(20))
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(40), watch.Elapsed, "No index is being built.");
        }
    }

    private static async Task RunWithPsqlAsync(PostgreSqlDatabase database, string script)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.Source.ConnectionString);
        var start = new ProcessStartInfo("psql", ["-X", "-h", connection.Host!, "-U", connection.Username!, "-d", connection.Database!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process psql = StartOrSkip(start);
        await psql.StandardInput.WriteAsync(script);
        psql.StandardInput.Close();
        Task<string> output = psql.StandardOutput.ReadToEndAsync();
        string errors = await psql.StandardError.ReadToEndAsync();
        await output;
        await psql.WaitForExitAsync();
        Assert.AreEqual(0, psql.ExitCode, errors);
        Assert.DoesNotContain("ERROR", errors);
    }

    private static Process StartOrSkip(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            Assert.Inconclusive($"psql cannot be started: {missing.Message}");
            return null!;
        }
    }
}
