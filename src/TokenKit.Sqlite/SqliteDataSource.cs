using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace TokenKit.Sqlite;

/// <summary>Connections to one SQLite database.</summary>
/// <remarks>
/// The driver keeps closed connections open in a pool of the process. Disposing empties it, so that the file can be deleted or replaced: a
/// new host on a new file of the same name would otherwise get connections to the old one.
/// </remarks>
internal sealed class SqliteDataSource(string connectionString) : DbDataSource
{
    public override string ConnectionString => connectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(connectionString);

    protected override void Dispose(bool disposing)
    {
        EmptyPool();
        base.Dispose(disposing);
    }

    protected override ValueTask DisposeAsyncCore()
    {
        EmptyPool();
        return base.DisposeAsyncCore();
    }

    private void EmptyPool()
    {
        using var pooled = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pooled);
    }
}
