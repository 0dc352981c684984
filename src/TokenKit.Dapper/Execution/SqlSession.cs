using System.Data.Common;
using Dapper;
using TokenKit.Dapper.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>An open connection for one call of the store. It looks at the call's cancellation token before each statement.</summary>
internal sealed class SqlSession(DbConnection connection, SqlDialect dialect, CancellationToken cancellationToken) : IAsyncDisposable
{
    private bool _inTransaction;

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it wrote.</returns>
    public Task<int> ExecuteAsync(string statement, SqlParameters? parameters = null) =>
        connection.ExecuteAsync(Command(statement, parameters, cancellationToken));

    /// <summary>Reads the first column of the first row.</summary>
    public Task<object?> ReadValueAsync(string statement, SqlParameters? parameters = null) =>
        connection.ExecuteScalarAsync(Command(statement, parameters, cancellationToken));

    /// <summary>Reads tokens.</summary>
    public async Task<List<StoredToken>> ReadTokensAsync(string statement, SqlParameters parameters)
    {
        DbDataReader reader = await connection.ExecuteReaderAsync(Command(statement, parameters, cancellationToken)).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            List<StoredToken> tokens = [];
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                tokens.Add(TokenRow.Read(reader));
            }

            return tokens;
        }
    }

    /// <summary>Begins a transaction. It is rolled back with the session unless it was committed.</summary>
    public async Task BeginAsync()
    {
        await ExecuteAsync(dialect.Begin).ConfigureAwait(false);
        _inTransaction = true;
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
        await connection.ExecuteAsync(Command(dialect.Rollback, null, CancellationToken.None)).ConfigureAwait(false);
    }

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
                catch (Exception exception) when (Retry.IsFailureOfTheDatabase(exception))
                {
                    // The database has rolled back by itself, as SQLite does on a full disk and a server does when the connection is gone.
                    // The failure that led here is the one to report.
                }
            }
        }
    }

    private CommandDefinition Command(string statement, SqlParameters? parameters, CancellationToken giveUp)
    {
        giveUp.ThrowIfCancellationRequested();
        return new CommandDefinition(statement, parameters, commandTimeout: dialect.CommandTimeout, cancellationToken: giveUp);
    }
}
