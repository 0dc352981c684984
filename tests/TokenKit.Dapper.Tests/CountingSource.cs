using System.Data.Common;

namespace TokenKit.Dapper.Tests;

/// <summary>Remembers the connections that it opened.</summary>
internal sealed class CountingSource(DbDataSource source) : DbDataSource
{
    public List<DbConnection> Opened { get; } = [];

    public override string ConnectionString => source.ConnectionString;

    protected override DbConnection CreateDbConnection()
    {
        Opened.Add(source.CreateConnection());
        return Opened[^1];
    }
}
