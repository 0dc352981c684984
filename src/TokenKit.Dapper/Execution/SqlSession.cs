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

    /// <summary>Opens and prepares a connection for some work. A database that fails is a <see cref="TokenStoreException"/> that says what it was asked to do.</summary>
    public static async Task<T> RunAsync<T>(
        DbDataSource dataSource, SqlDialect dialect, string what, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            DbConnection connection = await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            var session = new SqlSession(connection, dialect, cancellationToken);
            await using (session.ConfigureAwait(false))
            {
                await session.ExecuteAsync(dialect.PrepareConnection).ConfigureAwait(false);
                return await work(session).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsFailureOfTheDatabase(exception))
        {
            throw new TokenStoreException($"The token store could not {what}: {dialect.Explain(exception)}.", exception);
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
                catch (DbException)
                {
                    // The database has rolled back by itself, as SQLite does on a full disk. The failure that led here is the one to report.
                }
            }
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
