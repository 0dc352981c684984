using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

internal sealed class SqliteProduct(string file, string tablePrefix) : Product(tablePrefix)
{
    public override string Name => "SQLite";

    public override DbDataSource Source { get; } = SqliteFactory.Instance.CreateDataSource($"Data Source={file}");

    public override void Use(TokenKitBuilder tokenKit) => tokenKit.UseSqlite(Source, options =>
    {
        options.TablePrefix = TablePrefix;
        options.MigrateAtStart = true;
    });

    public override async Task FillAsync(IEnumerable<StoredToken> rows)
    {
        // Not from the pool, where the settings would stay with whoever comes next.
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using (var settings = new SqliteCommand("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000", connection))
        {
            await settings.ExecuteNonQueryAsync();
        }

        foreach (StoredToken[] some in rows.Chunk(10_000))
        {
            await InsertAsync(connection, some);
        }
    }

    /// <summary>Inserts rows in one transaction, with the settings that a connection comes with.</summary>
    public async Task InsertAsync(IEnumerable<StoredToken> rows)
    {
        await using var connection = (SqliteConnection)await Source.OpenConnectionAsync();
        await InsertAsync(connection, rows);
    }

    private async Task InsertAsync(SqliteConnection connection, IEnumerable<StoredToken> rows)
    {
        string[] columns = Columns.Split(", ");
        string parameters = string.Join(", ", columns.Select(column => $"${column}"));
        await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
        await using var insert = new SqliteCommand($"INSERT INTO {Table} ({Columns}) VALUES ({parameters})", connection, transaction);
        insert.Parameters.AddRange(columns.Select(column => new SqliteParameter($"${column}", DBNull.Value)));
        foreach (StoredToken row in rows)
        {
            object?[] values = Values(row);
            for (int column = 0; column < values.Length; column++)
            {
                insert.Parameters[column].Value = values[column] ?? DBNull.Value;
            }

            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
