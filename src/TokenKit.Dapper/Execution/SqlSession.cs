using System.Data.Common;
using Dapper;
using TokenKit.Dapper.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>An open connection for one call of the store. It looks at the call's cancellation token before each statement.</summary>
internal sealed class SqlSession(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken) : IAsyncDisposable
{
    private int _commandTimeout = dialect.CommandTimeout;
    private bool _inTransaction;

    /// <summary>How long after the first attempt the work of this session may be begun anew: as long as one statement may take.</summary>
    public TimeSpan Longest => _commandTimeout == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(_commandTimeout);

    /// <summary>What ends the call.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Lets the statements that follow take as long as they need, as a step of the schema may.</summary>
    public void LiftLimit()
    {
        // In a database of this process the limit is for waiting for another writer, never for work: without it, a driver would not end.
        _commandTimeout = dialect.IsEmbedded ? dialect.CommandTimeout : 0;
    }

    /// <summary>What the driver says of its connection, without a password.</summary>
    public string ConnectionString => connection.ConnectionString;

    /// <summary>Runs a statement.</summary>
    public Task ExecuteAsync(string statement, SqlParameters? parameters = null) =>
        connection.ExecuteAsync(Command(statement, parameters, cancellationToken));

    /// <summary>Writes with one statement, which is a transaction of its own.</summary>
    /// <returns>How many rows it wrote.</returns>
    public async Task<int> ExecuteAloneAsync(string statement, SqlParameters parameters)
    {
        // A statement that fails may leave the transaction open. In a database of this process it has none.
        _inTransaction = !dialect.IsEmbedded;
        int written = await connection.ExecuteAsync(Command(dialect.Alone(statement), parameters, cancellationToken)).ConfigureAwait(false);
        _inTransaction = false;

        // Less than zero says that no statement counted rows.
        return Math.Max(written, 0);
    }

    /// <summary>Runs statements one after the other: in one round trip, where the product allows that.</summary>
    public async Task ExecuteAllAsync(IReadOnlyList<string> statements, SqlParameters parameters)
    {
        foreach (string batch in dialect.BatchesTransactions ? [Batch(statements)] : statements)
        {
            DbDataReader reader = await connection.ExecuteReaderAsync(Command(batch, parameters, cancellationToken)).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await FinishAsync(reader).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads the first column of the first row.</summary>
    public Task<object?> ReadValueAsync(string statement, SqlParameters? parameters = null) =>
        connection.ExecuteScalarAsync(Command(statement, parameters, cancellationToken));

    /// <summary>Reads tokens.</summary>
    public Task<List<StoredToken>> ReadTokensAsync(string statement, SqlParameters parameters) => ReadAsync(statement, parameters, TokenRow.Read);

    /// <summary>Reads rows.</summary>
    public async Task<List<T>> ReadAsync<T>(string statement, SqlParameters? parameters, Func<DbDataReader, T> read)
    {
        DbDataReader reader = await connection.ExecuteReaderAsync(Command(statement, parameters, cancellationToken)).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            List<T> rows = [];
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    /// <summary>Begins a transaction. It is rolled back with the session unless it was committed.</summary>
    public async Task BeginAsync()
    {
        await ExecuteAsync(dialect.Begin).ConfigureAwait(false);
        _inTransaction = true;
    }

    /// <summary>Begins a transaction together with the statements that lock and read what it changes: one round trip, where the product allows that.</summary>
    /// <param name="statements">The statements. They share the parameters.</param>
    /// <param name="unlimited">A statement behind them, without the time limit; null for none.</param>
    /// <param name="parameters">Their parameters.</param>
    /// <param name="lockTimeout">How long each statement may take; null for as long as any statement.</param>
    /// <param name="read">Reads the results: one for each statement that returns rows, in order.</param>
    /// <exception cref="WaitEndedException">A statement waited for longer.</exception>
    public async Task<T> BeginAsync<T>(
        IEnumerable<string> statements, string? unlimited, SqlParameters parameters, TimeSpan? lockTimeout, Func<DbDataReader, Task<T>> read)
    {
        string? limit = lockTimeout is { } most ? dialect.LimitWaits(most) : null;
        IEnumerable<string?> all = limit is null ? [.. statements, unlimited] : [limit, .. statements, dialect.LiftWaits, unlimited];
        if (dialect.BatchesTransactions)
        {
            all = [dialect.Begin, dialect.StateDurability, .. all];
        }
        else
        {
            await ExecuteAsync(dialect.Begin).ConfigureAwait(false);
        }

        _inTransaction = true;
        try
        {
            DbDataReader reader = await connection.ExecuteReaderAsync(Command(Batch(all), parameters, cancellationToken)).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                if (dialect.StateDurability is not null)
                {
                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                }

                T result = await read(reader).ConfigureAwait(false);
                await FinishAsync(reader).ConfigureAwait(false);
                return result;
            }
        }
        catch (DbException exception) when (limit is not null && dialect.HasEndedWaiting(exception))
        {
            throw new WaitEndedException(exception);
        }
    }

    /// <summary>Runs a last statement and commits: in one round trip, where the product allows that.</summary>
    /// <returns>The first column of the first row that the statement returns; null when it returns none.</returns>
    public async Task<object?> CommitAsync(string statement, SqlParameters parameters)
    {
        if (!dialect.BatchesTransactions)
        {
            object? returned = await ReadValueAsync(statement, parameters).ConfigureAwait(false);
            await CommitAsync().ConfigureAwait(false);
            return returned;
        }

        object? value;
        DbDataReader reader = await connection.ExecuteReaderAsync(Command(Batch([statement, dialect.Commit]), parameters, cancellationToken)).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            value = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetValue(0) : null;
            await FinishAsync(reader).ConfigureAwait(false);
        }

        _inTransaction = false;
        return value;
    }

    public async Task CommitAsync()
    {
        await ExecuteAsync(dialect.Commit).ConfigureAwait(false);
        _inTransaction = false;
    }

    /// <summary>Ends the transaction without a trace of it, also after cancellation.</summary>
    public async Task RollbackAsync()
    {
        _inTransaction = false;
        await ExecuteAnywayAsync(dialect.Rollback).ConfigureAwait(false);
    }

    /// <summary>Runs a statement that takes something back, also after cancellation.</summary>
    public Task ExecuteAnywayAsync(string statement, SqlParameters? parameters = null) =>
        connection.ExecuteAsync(Command(statement, parameters, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await using (connection.ConfigureAwait(false))
        {
            if (_inTransaction)
            {
                try
                {
                    await RollbackAsync().ConfigureAwait(false);
                }
#pragma warning disable CA1031 // Whatever a driver throws.
                catch
#pragma warning restore CA1031
                {
                    // The database has rolled back by itself, as SQLite does on a full disk and a server does when the connection is gone.
                    // The failure that led here is the one to report.
                }
            }
        }
    }

    private static string Batch(IEnumerable<string?> statements) =>
        string.Join('\n', statements.OfType<string>().Select(static statement => statement.EndsWith(';') ? statement : statement + ";"));

    // Drivers run, or report the failure of, the statements behind a result when they are asked for it.
    private async Task FinishAsync(DbDataReader reader)
    {
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    private CommandDefinition Command(string statement, SqlParameters? parameters, CancellationToken giveUp)
    {
        giveUp.ThrowIfCancellationRequested();
        return new CommandDefinition(statement, parameters, commandTimeout: _commandTimeout, cancellationToken: giveUp);
    }
}
