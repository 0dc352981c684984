using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

internal sealed class PostgreSqlProduct(string connectionString, string tablePrefix) : Product(tablePrefix)
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    public override string Name => "PostgreSQL";

    public override DbDataSource Source => _source;

    public override void Use(TokenKitBuilder tokenKit) => tokenKit.UsePostgreSql(Source, options =>
    {
        options.TablePrefix = TablePrefix;
        options.MigrateAtStart = true;
    });

    public override async Task FillAsync(IEnumerable<StoredToken> rows)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync($"COPY {Table} ({Columns}) FROM STDIN (FORMAT BINARY)"))
        {
            importer.Timeout = TimeSpan.FromHours(1);
            foreach (StoredToken row in rows)
            {
                await importer.WriteRowAsync(CancellationToken.None, Values(row));
            }

            await importer.CompleteAsync();
        }

        await ExecuteAsync($"VACUUM ANALYZE {Table}");
    }
}
