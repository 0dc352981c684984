using System.Data.Common;

namespace TokenKit.Dapper.Dialects;

/// <summary>One database product: its traits, its transactions, its errors, and its statements by subject.</summary>
/// <remarks>A new product is a folder here with a dialect, statements and scripts, and no other line.</remarks>
internal abstract class SqlDialect
{
    /// <summary>The folder of its migration scripts.</summary>
    public abstract string Name { get; }

    /// <summary>The tables that its statements name.</summary>
    public abstract TableNames Tables { get; }

    /// <summary>Its statements about tokens.</summary>
    public abstract TokenStatements Tokens { get; }

    /// <summary>Its statements about the schema.</summary>
    public abstract SchemaStatements Schema { get; }

    /// <summary>The most seconds that one statement may take, waiting for locks included; but for look-ups on a server, see <see cref="Execution.Lookups"/>.</summary>
    public abstract int CommandTimeout { get; }

    /// <summary>
    /// Whether the database is a file that this process opens itself. It lets one writer in at a time, so that those of one process had better
    /// queue, and connections to it may stay open: to a server, failing over, pooling and limits are the pool's business.
    /// </summary>
    public abstract bool IsEmbedded { get; }

    /// <summary>Sent on a connection each time it is opened, whatever its earlier users set on it; null for nothing.</summary>
    public abstract string? PrepareConnection { get; }

    /// <summary>Begins a transaction that writes.</summary>
    public abstract string Begin { get; }

    /// <summary>
    /// Sent behind <see cref="Begin"/> in the transaction of a change: its commit is on the disk before it is answered, whatever less the server
    /// or the role asks for. Returns one result. Null where nothing asks for less.
    /// </summary>
    public virtual string? StateDurability => null;

    /// <summary>A statement that writes, as a transaction of its own that states its isolation, whatever that of the session is.</summary>
    public abstract string Alone(string statement);

    /// <summary>Whether a batch with parameters may begin or end a transaction. SQL Server runs such a batch as a procedure, which may not.</summary>
    public virtual bool BatchesTransactions => true;

    /// <summary>Limits how long each following statement of the transaction may take; null where no statement waits.</summary>
    public virtual string? LimitWaits(TimeSpan most) => null;

    /// <summary>Takes <see cref="LimitWaits"/> back.</summary>
    public virtual string? LiftWaits => null;

    public abstract string Commit { get; }

    public abstract string Rollback { get; }

    /// <summary>Whether a statement failed because a unique index already holds the value.</summary>
    public abstract bool IsUniqueViolation(DbException exception);

    /// <summary>Whether a statement failed because another transaction has locked what it needs.</summary>
    public abstract bool IsLocked(DbException exception);

    /// <summary>Whether a statement failed because of <see cref="LimitWaits"/>.</summary>
    public virtual bool HasEndedWaiting(DbException exception) => false;

    /// <summary>Whether what failed may well succeed when all of it is done again, on another connection. Never so for what ran out of time.</summary>
    public abstract bool IsTransient(Exception exception);

    /// <summary>Why a statement failed and what helps, without anything that was stored or looked for.</summary>
    public abstract string Explain(Exception exception);
}
