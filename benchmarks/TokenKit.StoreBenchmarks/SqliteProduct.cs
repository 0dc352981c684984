using System.Data.Common;
using Microsoft.Data.Sqlite;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

internal sealed class SqliteProduct(string file) : Product
{
    public override string Name => "SQLite";

    public override DbDataSource Source { get; } = SqliteFactory.Instance.CreateDataSource($"Data Source={file}");

    public override void Use(TokenKitBuilder tokenKit) => tokenKit.UseSqlite(Source, options => options.MigrateAtStart = true);

    public override async Task FillAsync(IEnumerable<StoredToken> rows)
    {
        await using var connection = (SqliteConnection)await Source.OpenConnectionAsync();
        string parameters = string.Join(", ", Columns.Split(", ").Select(column => $"${column}"));
        foreach (StoredToken[] some in rows.Chunk(10_000))
        {
            await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
            await using var insert = new SqliteCommand($"INSERT INTO tokenkit_token ({Columns}) VALUES ({parameters})", connection, transaction);
            insert.Parameters.AddRange(Columns.Split(", ").Select(column => new SqliteParameter($"${column}", DBNull.Value)));
            foreach (StoredToken row in some)
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
}
