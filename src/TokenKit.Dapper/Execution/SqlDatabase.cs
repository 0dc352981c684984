using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using System.Transactions;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Execution;

/// <summary>The database of a store: where it is, which product it is, how work on it is repeated and how its writers queue.</summary>
/// <remarks>All work that is handed over must be harmless to repeat, because what failed for a passing reason is done again as a whole.</remarks>
internal sealed class SqlDatabase(DbDataSource source, SqlDialect dialect, ILogger? logger = null)
{
    private readonly WriterQueue? _writers = dialect.IsEmbedded ? new WriterQueue(logger ?? NullLogger.Instance) : null;

    public SqlDialect Dialect => dialect;

    /// <summary>Whether writers stand in line in this process.</summary>
    public bool QueuesWriters => _writers is not null;

    /// <summary>How long a change waits for locks before it lets go of its own and is done again; see <see cref="DapperStoreOptions.LockTimeout"/>.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Opens a connection as it is. It takes no part in a transaction of its caller, whose rollback would undo a change that was answered.</summary>
    public ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        Transaction.Current is null ? source.OpenConnectionAsync(cancellationToken) : OpenApartAsync(cancellationToken);

    /// <summary>Opens a connection and prepares it.</summary>
    public async Task<SqlSession> OpenSessionAsync(CancellationToken cancellationToken)
    {
        var session = new SqlSession(await OpenConnectionAsync(cancellationToken).ConfigureAwait(false), dialect, cancellationToken);
        try
        {
            if (dialect.PrepareConnection is { } prepare)
            {
                await session.ExecuteAsync(prepare).ConfigureAwait(false);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs work on a session of its own.</summary>
    /// <param name="what">What the store does, as the end of "could not".</param>
    /// <param name="work">What to run, as often as it takes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TokenStoreException">The database failed, for good or too often.</exception>
    public async Task<T> ReadAsync<T>(string what, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan longest = Retry.LongestToOpen;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                SqlSession session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    try
                    {
                        return await work(session).ConfigureAwait(false);
                    }
                    finally
                    {
                        longest = session.Longest;
                    }
                }
            }
            catch (WaitEndedException exception)
            {
                if (Stopwatch.GetElapsedTime(startedAt).TotalSeconds > dialect.CommandTimeout)
                {
                    throw Failure(what, exception.InnerException!);
                }

                attempt = 1;
            }
            catch (Exception exception) when (exception is not TokenStoreException)
            {
                ThrowUnlessPassing(exception, attempt, startedAt, longest, what, cancellationToken);
            }

            await Retry.PauseAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, when it is this writer's turn.</summary>
    /// <param name="what">What the store does, as the end of "could not".</param>
    /// <param name="writer">Who writes.</param>
    /// <param name="work">What to run, as often as it takes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async Task<T> WriteAsync<T>(string what, Writer writer, Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        if (_writers is null)
        {
            return await ReadAsync(what, work, cancellationToken).ConfigureAwait(false);
        }

        using (await _writers.EnterAsync(what, writer, TimeSpan.FromSeconds(dialect.CommandTimeout), cancellationToken).ConfigureAwait(false))
        {
            return await ReadAsync(what, work, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes something of the library's with one statement, which is a transaction of its own.</summary>
    /// <returns>How many rows it wrote.</returns>
    public Task<int> ExecuteAsync(string what, string statement, SqlParameters parameters, CancellationToken cancellationToken) =>
        WriteAsync(what, Writer.Library, session => session.ExecuteAloneAsync(statement, parameters), cancellationToken);

    /// <summary>Ends the attempts, unless what failed may pass and has been tried neither often nor long enough.</summary>
    /// <param name="exception">What the attempt ended with, whatever it is: nothing but the two exceptions below leaves a store.</param>
    /// <param name="attempt">Which attempt it was.</param>
    /// <param name="startedAt">When the first one began.</param>
    /// <param name="longest">How long after that another one may begin.</param>
    /// <param name="what">What the store does, as the end of "could not".</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="TokenStoreException">The database failed, for good, too often or for too long.</exception>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public void ThrowUnlessPassing(Exception exception, int attempt, long startedAt, TimeSpan longest, string what, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Some drivers report it as an error of the database.
            throw new OperationCanceledException($"The token store was told to give up: {what}.", exception, cancellationToken);
        }

        if (attempt == Retry.Attempts || Stopwatch.GetElapsedTime(startedAt) > longest || !dialect.IsTransient(exception))
        {
            throw Failure(what, exception);
        }
    }

    private async ValueTask<DbConnection> OpenApartAsync(CancellationToken cancellationToken)
    {
        using var apart = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        DbConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        apart.Complete();
        return connection;
    }

    private TokenStoreException Failure(string what, Exception exception) => new($"The token store could not {what}: {dialect.Explain(exception)}.", exception);
}
