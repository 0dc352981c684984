using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Schema;

/// <summary>Runs the steps of the schema, beside other nodes that do the same and while the store is in use.</summary>
/// <remarks>
/// <para>
/// The row of <c>tokenkit_schema</c> is locked by the one node that migrates. On PostgreSQL a node that finds it locked asks again every second
/// instead of waiting in a statement: a waiting statement has a snapshot, <c>CREATE INDEX CONCURRENTLY</c> waits for the snapshots of others, and
/// the one that holds the lock waits for its index. PostgreSQL sees no deadlock there, because part of the circle is in the client.
/// </para>
/// <para>
/// A statement outside the transaction runs on a second connection. The first one commits what it did to the tables before, locks the row
/// anew, lets go of its snapshot and waits idle. It has touched no other table, so the index does not wait for it. When the process dies, its
/// lock ends with its connection. The index may stay behind invalid, or its statement may still run on the server. The next node drops an
/// invalid index, and asks again every second while one is being built.
/// </para>
/// </remarks>
internal sealed class SchemaMigrator(SqlDatabase database, IReadOnlyList<Migration> migrations, ILogger logger)
{
    /// <summary>The first version whose row says more than the version.</summary>
    private const int FirstWithTraits = 2;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly SchemaStatements _statements = database.Dialect.Schema;

    /// <summary>The version that these steps lead to.</summary>
    public int NeededVersion { get; } = migrations[^1].Version;

    /// <summary>Compares the schema of the database with the one that these steps lead to.</summary>
    public async Task<SchemaStatus> ReadStatusAsync(SqlSession session)
    {
        bool exists = await ReadNumberAsync(_statements.CountTables).ConfigureAwait(false) > 0;
        int version = exists ? await ReadNumberAsync(_statements.ReadVersion).ConfigureAwait(false) : 0;
        if (version < FirstWithTraits)
        {
            return new SchemaStatus(database.Dialect.Tables, version, version, "", NeededVersion);
        }

        List<(int ReadableBy, string Features)> row =
            await session.ReadAsync(_statements.ReadTraits, null, static reader => (reader.GetInt32(0), reader.GetString(1))).ConfigureAwait(false);
        return new SchemaStatus(database.Dialect.Tables, version, row[0].ReadableBy, row[0].Features, NeededVersion);

        async Task<int> ReadNumberAsync(string statement) =>
            Convert.ToInt32(await session.ReadValueAsync(statement).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    /// <summary>Runs the steps that are missing, as soon as no other node does.</summary>
    /// <returns>What was found before.</returns>
    public async Task<SchemaStatus> MigrateAsync(CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            if (await database.WriteAsync("migrate its schema", Writer.Library, TryMigrateAsync, cancellationToken).ConfigureAwait(false) is { } before)
            {
                return before;
            }

            if (isFirst)
            {
                Log.MigrationWaits(logger, database.Dialect.Tables.Schema);
            }

            await Task.Delay(AskAgainAfter, cancellationToken).ConfigureAwait(false);
        }
    }

    // Null: ask again.
    private async Task<SchemaStatus?> TryMigrateAsync(SqlSession session)
    {
        SchemaStatus before = await ReadStatusAsync(session).ConfigureAwait(false);
        if (before.State is SchemaState.Newer or SchemaState.NewerReadable)
        {
            return before;
        }

        try
        {
            await _statements.PrepareDatabaseAsync(session).ConfigureAwait(false);

            // Where there is nothing to do, the right to create tables is not needed.
            bool isDone = before.State == SchemaState.Current || await RunAsync(session, before).ConfigureAwait(false);
            return isDone ? before : null;
        }
        catch (DbException exception) when (database.Dialect.IsLocked(exception))
        {
            return null;
        }
    }

    private async Task<bool> RunAsync(SqlSession session, SchemaStatus before)
    {
        session.LiftLimit();
        await BeginAsync(session).ConfigureAwait(false);
        if (before.State == SchemaState.Missing)
        {
            await session.ExecuteAsync(_statements.CreateTable).ConfigureAwait(false);
        }

        // Once more behind the lock: another process may have migrated since.
        int version = await LockAsync(session).ConfigureAwait(false);
        Migration[] missing = [.. migrations.Where(migration => migration.Version > version)];
        if (await IsBuildingAsync(session, missing).ConfigureAwait(false))
        {
            return false;
        }

        foreach (Migration migration in missing)
        {
            foreach (MigrationPart part in migration.Parts)
            {
                if (part.IsInTransaction)
                {
                    await session.ExecuteAsync(part.Sql).ConfigureAwait(false);
                    continue;
                }

                await session.CommitAsync().ConfigureAwait(false);
                await BeginAsync(session).ConfigureAwait(false);
                bool isDoneByAnother = await LockAsync(session).ConfigureAwait(false) >= migration.Version;
                if (isDoneByAnother
                    || await IsBuildingAsync(session, missing).ConfigureAwait(false)
                    || !await RunOutsideAsync(session, part.Sql).ConfigureAwait(false))
                {
                    return false;
                }
            }
        }

        await session.CommitAsync().ConfigureAwait(false);
        return true;
    }

    private async Task BeginAsync(SqlSession session)
    {
        await session.BeginAsync().ConfigureAwait(false);
        if (_statements.LiftLimits is { } liftLimits)
        {
            await session.ExecuteAsync(liftLimits).ConfigureAwait(false);
        }
    }

    // Returns the version that the schema has behind the lock.
    private async Task<int> LockAsync(SqlSession session)
    {
        await session.ReadValueAsync(_statements.LockVersion).ConfigureAwait(false);
        return (await ReadStatusAsync(session).ConfigureAwait(false)).Version;
    }

    // The lock is free, yet a statement still runs on the server that a process began before it died. What comes next would wait for it, and
    // whoever uses the tables would wait behind.
    private async Task<bool> IsBuildingAsync(SqlSession session, Migration[] missing) =>
        _statements.CountStatementsOutside is { } count
        && missing.Any(migration => migration.Parts.Any(part => !part.IsInTransaction))
        && await session.ReadValueAsync(count).ConfigureAwait(false) is not 0L;

    private async Task<bool> RunOutsideAsync(SqlSession holder, string statement)
    {
        if (_statements.ReleaseSnapshot is { } releaseSnapshot)
        {
            await holder.ExecuteAsync(releaseSnapshot).ConfigureAwait(false);
        }

        SqlSession session = await database.OpenSessionAsync(holder.CancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            session.LiftLimit();
            return await _statements.RunOutsideAsync(session, statement).ConfigureAwait(false);
        }
    }
}
