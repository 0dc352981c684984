using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects;

/// <summary>One database product: every statement of the store, whole, and the few things in which products differ.</summary>
/// <remarks>
/// Parameters are named like the columns they meet; <c>@now</c>, <c>@limit</c> and <c>@before</c> mean what they say. Statements that
/// return tokens return <see cref="TokenRow.Columns"/>. A new product is a new class here with its scripts, and no other line.
/// </remarks>
internal abstract class SqlDialect
{
    /// <summary>The folder of its migration scripts.</summary>
    public abstract string Name { get; }

    /// <summary>The tables that its statements name.</summary>
    public abstract TableNames Tables { get; }

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

    public abstract string Commit { get; }

    public abstract string Rollback { get; }

    /// <summary>The token with an id: <see cref="FindTokenParameter"/>.</summary>
    public abstract string FindToken { get; }

    /// <summary>The name of the parameter; empty where it goes by its place, which spares the driver looking for it in the statement.</summary>
    public virtual string FindTokenParameter => "id";

    /// <summary>A subject's tokens that are not revoked, newest first: @realm, @subject, @kind or null, behind @created_at and @id, @limit.</summary>
    public abstract string ListSubject { get; }

    /// <summary>As <see cref="ListSubject"/>, with the revoked ones.</summary>
    public abstract string ListSubjectWithRevoked { get; }

    /// <summary>As <see cref="ListSubject"/>, of every subject.</summary>
    public abstract string ListRealm { get; }

    /// <summary>As <see cref="ListRealm"/>, with the revoked ones.</summary>
    public abstract string ListRealmWithRevoked { get; }

    /// <summary>A subject's tokens as they were inserted: @realm, @subject, @kind or null, behind @sequence, @include_revoked 0 or 1, @limit.</summary>
    public abstract string ListInserted { get; }

    /// <summary>Remembers a change, @change_id at @now, unless it is remembered: the number of rows tells.</summary>
    public abstract string RememberChange { get; }

    /// <summary>Lets only one transaction at a time count the tokens of @realm and @subject, until its end.</summary>
    public abstract string LockSubject { get; }

    /// <summary>How many tokens of @realm, @subject and @kind are neither revoked nor expired at @now; it counts to @limit and no further.</summary>
    public abstract string CountLiving { get; }

    /// <summary>Adds a token: every column but the sequence.</summary>
    public abstract string InsertToken { get; }

    /// <summary>Writes what may change in token @id, if it is not revoked and has @version.</summary>
    public abstract string UpdateToken { get; }

    /// <summary>Writes the hash and what shows possession besides into token @id, if it is not revoked and has @expected_hash, byte for byte.</summary>
    public abstract string RehashToken { get; }

    /// <summary>As <see cref="UpdateToken"/>, with what belongs to its secret.</summary>
    public abstract string UpdateTokenAndSecret { get; }

    /// <summary>Revokes token @id at @now, unless it is revoked.</summary>
    public abstract string RevokeToken { get; }

    /// <summary>Removes token @id.</summary>
    public abstract string DeleteToken { get; }

    /// <summary>Revokes at most @limit tokens of @realm and @subject at @now, but those in @spared (<see cref="JsonParameter"/>).</summary>
    public abstract string RevokeSubject { get; }

    /// <summary>As <see cref="RevokeSubject"/>, of every subject.</summary>
    public abstract string RevokeRealm { get; }

    /// <summary>Moves the last use of the tokens in @uses (<see cref="JsonParameter"/>) forward, never back.</summary>
    public abstract string TouchTokens { get; }

    /// <summary>Removes at most @limit tokens that were revoked before @before.</summary>
    public abstract string PurgeRevoked { get; }

    /// <summary>Removes at most @limit tokens that expired before @before.</summary>
    public abstract string PurgeExpired { get; }

    /// <summary>Forgets at most @limit changes that were made before @before.</summary>
    public abstract string ForgetChanges { get; }

    /// <summary>How many tables with the version of the schema there are: one or none.</summary>
    public abstract string CountSchemaTables { get; }

    /// <summary>The version of the schema.</summary>
    public abstract string ReadSchemaVersion { get; }

    /// <summary>Creates the table with the version of the schema, and in it version 0, unless they are there. It may be lost to another who does the same.</summary>
    public abstract string CreateSchemaTable { get; }

    /// <summary>Lets only one transaction at a time migrate, until its end.</summary>
    public abstract string LockSchemaVersion { get; }

    /// <summary>What a script for a database administrator says before and after the migrations.</summary>
    public abstract (string Head, string Foot) ScriptFrame { get; }

    /// <summary>Brings the database into the state that the store needs and that no transaction can bring it into.</summary>
    public virtual Task PrepareDatabaseAsync(SqlSession session) => Task.CompletedTask;

    /// <summary>Whether a statement failed because a unique index already holds the value.</summary>
    public abstract bool IsUniqueViolation(DbException exception);

    /// <summary>Whether what failed may well succeed when all of it is done again, on another connection. Never so for what ran out of time.</summary>
    public abstract bool IsTransient(Exception exception);

    /// <summary>Why a statement failed and what helps, without anything that was stored or looked for.</summary>
    public abstract string Explain(Exception exception);
}
