using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>A SQLite file on a disk where each commit takes at least so long.</summary>
internal sealed class SlowCommits(string file, TimeSpan delay) : DbDataSource
{
    public override string ConnectionString { get; } = $"Data Source={file}";

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Open)
            {
                raw.sqlite3_commit_hook(connection.Handle, _ => Wait(), null);
            }
        };
        return connection;
    }

    private int Wait()
    {
        Thread.Sleep(delay);
        return 0;
    }
}
