using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>API keys as they are written by hand: a table with the SHA-256 of each key, asked on a pooled connection for each request.</summary>
internal sealed class HandWrittenKeys(DbDataSource source, string binaryType)
{
    /// <summary>Creates the table and fills it.</summary>
    /// <returns>The keys, in the order of the callers.</returns>
    public async Task<string[]> CreateAsync(IEnumerable<Caller> callers)
    {
        await using DbConnection connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, $"""
            CREATE TABLE IF NOT EXISTS api_key (
                key_hash {binaryType} PRIMARY KEY, id TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, scopes TEXT NOT NULL,
                expires_at BIGINT NULL, revoked_at BIGINT NULL)
            """);
        List<string> keys = [];
        foreach (Caller caller in callers)
        {
            string key = $"acme_{RandomNumberGenerator.GetHexString(71, lowercase: true)}";
            await ExecuteAsync(
                connection,
                "INSERT INTO api_key (key_hash, id, subject, kind, scopes, expires_at) VALUES (@hash, @id, @subject, @kind, @scopes, @expires_at)",
                ("hash", Hash(key)),
                ("id", caller.Id),
                ("subject", caller.Subject),
                ("kind", caller.Kind),
                ("scopes", string.Join(' ', caller.Scopes)),
                ("expires_at", DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds()));
            keys.Add(key);
        }

        return [.. keys];
    }

    /// <summary>The caller with a key; null when there is none, or the key is revoked or expired.</summary>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, subject, kind, scopes, expires_at, revoked_at FROM api_key WHERE key_hash = @hash";
        Add(command, "hash", Hash(key));
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && IsAlive(reader)
            ? new Caller(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3).Split(' '))
            : null;
    }

    private static bool IsAlive(DbDataReader row) =>
        row.IsDBNull(5) && (row.IsDBNull(4) || row.GetInt64(4) > DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static async Task ExecuteAsync(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object value) in parameters)
        {
            Add(command, name, value);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, string name, object value)
    {
        DbParameter parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
