using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects;

/// <summary>The statements about tokens, whole. Text that products share stands here once; a product overrides what it says in another way.</summary>
/// <remarks>
/// Parameters are named like the columns they meet; <c>@now</c>, <c>@limit</c> and <c>@before</c> mean what they say. Statements that
/// return tokens return <see cref="TokenRow.Columns"/>.
/// </remarks>
internal abstract class TokenStatements(TableNames tables)
{
    /// <summary>The token with an id: <see cref="FindTokenParameter"/>.</summary>
    public virtual string FindToken { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = @id
        """;

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

    /// <summary>
    /// A subject's tokens as they were inserted, those of one number by their ids: @realm, @subject, @kind or null, behind @sequence and @id,
    /// @include_revoked 0 or 1, @limit.
    /// </summary>
    public abstract string ListInserted { get; }

    /// <summary>How many tokens of @realm and @subject are not revoked.</summary>
    public abstract string CountSubject { get; }

    /// <summary>As <see cref="CountSubject"/>, of every subject.</summary>
    public abstract string CountRealm { get; }

    /// <summary>
    /// Remembers a change, @change_id at @now, and returns a row, unless it is remembered: then it returns none. Waits while another
    /// transaction is committing the same change.
    /// </summary>
    public virtual string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        VALUES (@change_id, @now)
        ON CONFLICT (change_id) DO NOTHING
        RETURNING change_id
        """;

    /// <summary>Returns a row where a change is remembered: @change_id.</summary>
    public virtual string FindChange { get; } = $"""
        SELECT change_id
        FROM {tables.Change}
        WHERE change_id = @change_id
        """;

    /// <summary>
    /// Lets only one transaction at a time hold the guard of @realm and @subject, until its end. Returns one result. The row of the guard may be
    /// removed while this waits for it (<see cref="ForgetGuards"/>): then this makes another one.
    /// </summary>
    public abstract string LockGuard { get; }

    /// <summary>How many tokens of @realm, @subject and @kind are neither revoked nor expired at @now; it counts to @limit and no further.</summary>
    public abstract string CountLiving { get; }

    /// <summary>The id of the token that holds @name_key.</summary>
    public virtual string FindName { get; } = $"""
        SELECT id
        FROM {tables.Token}
        WHERE name_key = @name_key
        """;

    /// <summary>Locks the tokens @first and @second, which may be the same, in ascending order of their ids, and returns those that are there.</summary>
    public abstract string LockTokens { get; }

    /// <summary>
    /// Locks in ascending order of their ids at most @most tokens of @realm and @subject that are not revoked, the oldest of those that were
    /// created at @created_from or later, and the tokens @first and @second, which may be the same or null. Returns them.
    /// </summary>
    public abstract string LockSubject { get; }

    /// <summary>As <see cref="LockSubject"/>, of every subject.</summary>
    public abstract string LockRealm { get; }

    /// <summary>Adds a token: every column but the sequence, which it returns. It adds none to a realm without a name, so that it can be run without using up a number.</summary>
    public virtual string InsertToken { get; } = $"""
        INSERT INTO {tables.Token} (
            id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
            created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
            version, issued_by, actor, predecessor_id, successor_id, wire_data)
        SELECT
            @id, @realm, @kind, @subject, @name, @name_key, @scopes, @hint, @hash, @tag, @key_id, @verifier, @recoverable_copy,
            @created_at, @updated_at, @expires_at, @last_used_at, @revoked_at, @suspended_at,
            @version, @issued_by, @actor, @predecessor_id, @successor_id, @wire_data
        WHERE @realm <> ''
        RETURNING sequence
        """;

    /// <summary>Writes all that may change in token @id, which is locked; not its last use.</summary>
    public virtual string UpdateToken { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, hint = @hint, hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier,
            recoverable_copy = @recoverable_copy, updated_at = @updated_at, expires_at = @expires_at, revoked_at = @revoked_at,
            suspended_at = @suspended_at, version = @version, predecessor_id = @predecessor_id, successor_id = @successor_id, wire_data = @wire_data
        WHERE id = @id
        """;

    /// <summary>Revokes the tokens @ids (<see cref="JsonParameter"/>), which are locked, at @now.</summary>
    public abstract string RevokeTokens { get; }

    /// <summary>Removes token @id.</summary>
    public virtual string DeleteToken { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = @id
        """;

    /// <summary>Moves the last use of the tokens in @uses (<see cref="JsonParameter"/>) forward, never back.</summary>
    public abstract string TouchTokens { get; }

    /// <summary>Erases the recoverable copies of the tokens @ids (<see cref="JsonParameter"/>).</summary>
    public abstract string EraseCopies { get; }

    /// <summary>Removes at most @limit tokens that were revoked before @before.</summary>
    public abstract string PurgeRevoked { get; }

    /// <summary>Removes at most @limit tokens that expired before @before.</summary>
    public abstract string PurgeExpired { get; }

    /// <summary>Forgets at most @limit changes that were made before @before.</summary>
    public abstract string ForgetChanges { get; }

    /// <summary>Removes at most @most guards of subjects without tokens. It passes over, or waits for, those that are held.</summary>
    public abstract string ForgetGuards { get; }

    /// <summary>Every statement that writes or locks, for <see cref="WriteProof"/>.</summary>
    public IReadOnlyList<string> Writing =>
    [
        RememberChange, LockGuard, LockTokens, LockSubject, LockRealm, InsertToken, UpdateToken, RevokeTokens, DeleteToken, TouchTokens, EraseCopies,
        PurgeRevoked, PurgeExpired, ForgetChanges, ForgetGuards,
    ];
}
