using System.Data.Common;
using Dapper;
using TokenKit.Dapper.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>An open connection for one call of the store. It looks at the call's cancellation token before each statement.</summary>
internal sealed class SqlSession : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly CancellationToken _cancellationToken;
    private bool _inTransaction;

    private SqlSession(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken)
    {
        _connection = connection;
        _dialect = dialect;
        _cancellationToken = cancellationToken;
    }

    /// <summary>
    /// Opens and prepares a connection for some work, which must be harmless to repeat: where it fails for a reason that may pass, all of it
    /// is done again, a bounded number of times. A database that fails is a <see cref="TokenStoreException"/> that says what it was asked to do.
    /// </summary>
    public static async Task<T> RunAsync<T>(
        DbDataSource dataSource, SqlDialect dialect, string what, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(dataSource, dialect, work, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsFailureOfTheDatabase(exception))
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    // Some drivers report it as an error of the database.
                    throw new OperationCanceledException($"The token store was told to give up: {what}.", exception, cancellationToken);
                }

                if (attempt == Retry.Attempts || !dialect.IsTransient(exception))
                {
                    throw new TokenStoreException($"The token store could not {what}: {dialect.Explain(exception)}.", exception);
                }
            }

            await Retry.PauseAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it wrote.</returns>
    public Task<int> ExecuteAsync(string statement, SqlParameters? parameters = null) =>
        _connection.ExecuteAsync(Command(statement, parameters, _cancellationToken));

    /// <summary>Reads the first column of the first row.</summary>
    public Task<object?> ReadValueAsync(string statement, SqlParameters? parameters = null) =>
        _connection.ExecuteScalarAsync(Command(statement, parameters, _cancellationToken));

    /// <summary>Reads tokens.</summary>
    public async Task<List<StoredToken>> ReadTokensAsync(string statement, SqlParameters parameters)
    {
        DbDataReader reader = await _connection.ExecuteReaderAsync(Command(statement, parameters, _cancellationToken)).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            List<StoredToken> tokens = [];
            while (await reader.ReadAsync(_cancellationToken).ConfigureAwait(false))
            {
                tokens.Add(TokenRow.Read(reader));
            }

            return tokens;
        }
    }

    /// <summary>Begins a transaction. It is rolled back with the session unless it was committed.</summary>
    public async Task BeginAsync()
    {
        await ExecuteAsync(_dialect.Begin).ConfigureAwait(false);
        _inTransaction = true;
    }

    public async Task CommitAsync()
    {
        await ExecuteAsync(_dialect.Commit).ConfigureAwait(false);
        _inTransaction = false;
    }

    /// <summary>Ends the transaction without a trace of it, also after cancellation.</summary>
    public async Task RollbackAsync()
    {
        _inTransaction = false;
        await _connection.ExecuteAsync(Command(_dialect.Rollback, null, CancellationToken.None)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await using (_connection.ConfigureAwait(false))
        {
            if (_inTransaction)
            {
                try
                {
                    await RollbackAsync().ConfigureAwait(false);
                }
                catch (Exception exception) when (IsFailureOfTheDatabase(exception))
                {
                    // The database has rolled back by itself, as SQLite does on a full disk and a server does when the connection is gone.
                    // The failure that led here is the one to report.
                }
            }
        }
    }

    private static async Task<T> RunOnceAsync<T>(
        DbDataSource dataSource, SqlDialect dialect, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DbConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var session = new SqlSession(connection, dialect, cancellationToken);
        await using (session.ConfigureAwait(false))
        {
            if (dialect.PrepareConnection is { } prepare)
            {
                await session.ExecuteAsync(prepare).ConfigureAwait(false);
            }

            return await work(session).ConfigureAwait(false);
        }
    }

    private static bool IsFailureOfTheDatabase(Exception exception) => exception
        is DbException
        or InvalidOperationException // a pool that is exhausted, a connection that was closed
        or TimeoutException
        or IOException
        or InvalidCastException or ArgumentOutOfRangeException; // a row that the library did not write

    private CommandDefinition Command(string statement, SqlParameters? parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandDefinition(statement, parameters, commandTimeout: _dialect.CommandTimeout, cancellationToken: cancellationToken);
    }
}
