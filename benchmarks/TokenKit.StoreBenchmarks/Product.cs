using System.Data.Common;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>A database product: how the store is told to use it, and how it is filled fast.</summary>
/// <param name="tablePrefix">What the names of its tables begin with: several populations live side by side in one database.</param>
internal abstract class Product(string tablePrefix) : IAsyncDisposable
{
    public const string Columns =
        "id, realm, kind, subject, name, scopes, hint, hash, tag, created_at, updated_at, expires_at, revoked_at, version";

    public abstract string Name { get; }

    public abstract DbDataSource Source { get; }

    public string Table => TablePrefix + "token";

    protected string TablePrefix { get; } = tablePrefix;

    public abstract void Use(TokenKitBuilder tokenKit);

    public abstract Task FillAsync(IEnumerable<StoredToken> rows);

    public async Task<object?> ExecuteAsync(string sql)
    {
        await using DbConnection connection = await Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>The values of <see cref="Columns"/>.</summary>
    protected static object?[] Values(StoredToken row) =>
    [
        row.Id.ToByteArray(bigEndian: true), row.Realm, row.Kind, row.Subject, row.Name, row.Scopes, row.Secret.Hint, row.Secret.Hash, row.Secret.Tag,
        UnixMicroseconds.From(row.CreatedAt), UnixMicroseconds.From(row.UpdatedAt),
        row.ExpiresAt is { } expiresAt ? UnixMicroseconds.From(expiresAt) : null,
        row.RevokedAt is { } revokedAt ? UnixMicroseconds.From(revokedAt) : null,
        row.Version,
    ];
}
