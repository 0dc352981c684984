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

    /// <summary>A subject's tokens as they were inserted: @realm, @subject, @kind or null, behind @sequence, @include_revoked 0 or 1, @limit.</summary>
    public abstract string ListInserted { get; }

    /// <summary>
    /// Remembers a change, @change_id at @now, unless it is remembered: the number of rows tells. Waits while another transaction is
    /// committing the same change.
    /// </summary>
    public virtual string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        VALUES (@change_id, @now)
        ON CONFLICT (change_id) DO NOTHING
        """;

    /// <summary>Lets only one transaction at a time count the tokens of @realm and @subject, until its end.</summary>
    public abstract string LockSubject { get; }

    /// <summary>How many tokens of @realm, @subject and @kind are neither revoked nor expired at @now; it counts to @limit and no further.</summary>
    public abstract string CountLiving { get; }

    /// <summary>Adds a token: every column but the sequence.</summary>
    public virtual string InsertToken { get; } = $"""
        INSERT INTO {tables.Token} (
            id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
            created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
            version, issued_by, actor, predecessor_id, successor_id, wire_data)
        VALUES (
            @id, @realm, @kind, @subject, @name, @name_key, @scopes, @hint, @hash, @tag, @key_id, @verifier, @recoverable_copy,
            @created_at, @updated_at, @expires_at, @last_used_at, @revoked_at, @suspended_at,
            @version, @issued_by, @actor, @predecessor_id, @successor_id, @wire_data)
        """;

    /// <summary>Writes what may change in token @id, if it is not revoked and has @version.</summary>
    public virtual string UpdateToken { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1
        WHERE id = @id AND version = @version AND revoked_at IS NULL
        """;

    /// <summary>Writes the hash and what shows possession besides into token @id, if it is not revoked and has @expected_hash, byte for byte.</summary>
    public virtual string RehashToken { get; } = $"""
        UPDATE {tables.Token}
        SET hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier
        WHERE id = @id AND hash = @expected_hash AND revoked_at IS NULL
        """;

    /// <summary>As <see cref="UpdateToken"/>, with what belongs to its secret.</summary>
    public virtual string UpdateTokenAndSecret { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1,
            hint = @hint, hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier, recoverable_copy = @recoverable_copy
        WHERE id = @id AND version = @version AND revoked_at IS NULL
        """;

    /// <summary>Revokes token @id at @now, unless it is revoked.</summary>
    public virtual string RevokeToken { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id = @id AND revoked_at IS NULL
        """;

    /// <summary>Removes token @id.</summary>
    public virtual string DeleteToken { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = @id
        """;

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
}
