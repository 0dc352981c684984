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

    /// <summary>Opens and prepares a connection for some work, which must be harmless to repeat: see <see cref="Retry"/>.</summary>
    public static Task<T> RunAsync<T>(
        DbDataSource dataSource, SqlDialect dialect, string what, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken) =>
        Retry.RunAsync(dialect, what, () => RunOnceAsync(dataSource, dialect, work, cancellationToken), cancellationToken);

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
                catch (Exception exception) when (Retry.IsFailureOfTheDatabase(exception))
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

    private CommandDefinition Command(string statement, SqlParameters? parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandDefinition(statement, parameters, commandTimeout: _dialect.CommandTimeout, cancellationToken: cancellationToken);
    }
}
