using System.Data.Common;
using System.Security.Cryptography;
using TokenKit.Dapper.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>Proves that every statement that writes would run, so that a lack shows before the day on which somebody has to revoke.</summary>
/// <remarks>
/// Each statement runs once in a transaction that is rolled back, as changes run them. It names a realm, ids and a subject that do not exist, and
/// an instant before all others. So it locks no row that is there, uses up no number, and waits for nobody but those who alter the tables.
/// </remarks>
internal sealed class WriteProof(SqlDatabase database)
{
    private const string What = "prove that it can write";

    private readonly SqlDialect _dialect = database.Dialect;

    /// <summary>Proves it when a host starts.</summary>
    /// <exception cref="TokenStoreException">A statement does not run; the message says why.</exception>
    public async Task RunAtStartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(What, Writer.Library, RunAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenStoreException failure) when (
            _dialect.IsEmbedded && (failure.RetryAfter is not null || (failure.InnerException is DbException reason && _dialect.IsLocked(reason))))
        {
            // Others write without a pause. That need not keep this process from starting.
            await database.ReadAsync(What, CompileAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Proves it again. A database of this process has one lock for all who write, which a check that is made every few seconds must neither wait
    /// for nor take: there the statements are compiled only.
    /// </summary>
    /// <inheritdoc cref="RunAtStartAsync" path="/exception"/>
    public Task RunAgainAsync(CancellationToken cancellationToken) =>
        _dialect.IsEmbedded ? database.ReadAsync(What, CompileAsync, cancellationToken) : database.ReadAsync(What, RunAsync, cancellationToken);

    private async Task<bool> RunAsync(SqlSession session)
    {
        await session.BeginAsync().ConfigureAwait(false);
        await session.ExecuteAllAsync(_dialect.Tokens.Writing, Parameters()).ConfigureAwait(false);
        await session.RollbackAsync().ConfigureAwait(false);
        return true;
    }

    private async Task<bool> CompileAsync(SqlSession session)
    {
        await session.ExecuteAllAsync([.. _dialect.Tokens.Writing.Select(static statement => $"EXPLAIN {statement}")], Parameters()).ConfigureAwait(false);
        return true;
    }

    // No realm has an empty name. The id and the subject are new each time, so that two nodes do not wait for each other's guard.
    private static SqlParameters Parameters()
    {
        Guid id = new(RandomNumberGenerator.GetBytes(16));
        StoredToken row = new()
        {
            Id = id,
            Realm = "",
            Kind = "",
            Subject = $"{id:N}",
            Name = "",
            Scopes = "",
            Secret = new StoredSecret { Hint = "", Hash = "" },
            CreatedAt = DateTimeOffset.MinValue,
            UpdatedAt = DateTimeOffset.MinValue,
        };
        return TokenRow.Parameters(row)
            .With("change_id", id)
            .With("first", id)
            .With("second", id)
            .With("ids", JsonParameter.From([id]))
            .With("uses", JsonParameter.From([new TokenUse(id, DateTimeOffset.MinValue)]))
            .With("now", DateTimeOffset.MinValue)
            .With("before", DateTimeOffset.MinValue)
            .With("limit", 1)
            .With("most", 0)
            .With("created_from", DateTimeOffset.MinValue);
    }
}
