using System.Data.Common;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>A token as columns. Values are read from the reader itself: Dapper's mapping would ask the host's global type handlers.</summary>
internal static class TokenRow
{
    /// <summary>The columns of every statement that returns tokens, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "sequence, id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy, " +
        "created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at, " +
        "version, issued_by, actor, predecessor_id, successor_id, wire_data";

    public static StoredToken Read(DbDataReader reader) => new()
    {
        Sequence = reader.GetInt64(0),
        Id = Id(reader.GetFieldValue<byte[]>(1)),
        Realm = reader.GetString(2),
        Kind = reader.GetString(3),
        Subject = reader.GetString(4),
        Name = reader.GetString(5),
        NameKey = BytesOrNull(reader, 6),
        Scopes = reader.GetString(7),
        Secret = new StoredSecret
        {
            Hint = reader.GetString(8),
            Hash = reader.GetString(9),
            Tag = BytesOrNull(reader, 10),
            KeyId = TextOrNull(reader, 11),
            Verifier = BytesOrNull(reader, 12),
            RecoverableCopy = BytesOrNull(reader, 13),
        },
        CreatedAt = UnixMicroseconds.ToInstant(reader.GetInt64(14)),
        UpdatedAt = UnixMicroseconds.ToInstant(reader.GetInt64(15)),
        ExpiresAt = InstantOrNull(reader, 16),
        LastUsedAt = InstantOrNull(reader, 17),
        RevokedAt = InstantOrNull(reader, 18),
        SuspendedAt = InstantOrNull(reader, 19),
        Version = reader.GetInt64(20),
        IssuedBy = IdOrNull(reader, 21),
        Actor = TextOrNull(reader, 22),
        PredecessorId = IdOrNull(reader, 23),
        SuccessorId = IdOrNull(reader, 24),
        WireData = TextOrNull(reader, 25),
    };

    /// <summary>The parameters of an insert: every column but the sequence, which the database assigns.</summary>
    public static SqlParameters Parameters(StoredToken token) => Add(new SqlParameters(), token.Secret)
        .With("id", token.Id)
        .With("realm", token.Realm)
        .With("kind", token.Kind)
        .With("subject", token.Subject)
        .With("name", token.Name)
        .With("name_key", token.NameKey)
        .With("scopes", token.Scopes)
        .With("created_at", token.CreatedAt)
        .With("updated_at", token.UpdatedAt)
        .With("expires_at", token.ExpiresAt)
        .With("last_used_at", token.LastUsedAt)
        .With("revoked_at", token.RevokedAt)
        .With("suspended_at", token.SuspendedAt)
        .With("version", token.Version)
        .With("issued_by", token.IssuedBy)
        .With("actor", token.Actor)
        .With("predecessor_id", token.PredecessorId)
        .With("successor_id", token.SuccessorId)
        .With("wire_data", token.WireData);

    /// <summary>Adds the parameters of what a row holds of its secret.</summary>
    public static SqlParameters Add(SqlParameters parameters, StoredSecret secret) => parameters
        .With("hint", secret.Hint)
        .With("hash", secret.Hash)
        .With("tag", secret.Tag)
        .With("key_id", secret.KeyId)
        .With("verifier", secret.Verifier)
        .With("recoverable_copy", secret.RecoverableCopy);

    private static Guid Id(byte[] bytes) => new(bytes, bigEndian: true);

    private static Guid? IdOrNull(DbDataReader reader, int column) =>
        BytesOrNull(reader, column) is { } bytes ? Id(bytes) : null;

    private static DateTimeOffset? InstantOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : UnixMicroseconds.ToInstant(reader.GetInt64(column));

    private static string? TextOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static byte[]? BytesOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
