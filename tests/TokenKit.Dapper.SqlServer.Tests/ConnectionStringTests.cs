using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using TokenKit.Dapper.Dialects.SqlServer;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>What the driver's connection string and parameters say. No server is asked.</summary>
[TestClass]
public sealed class ConnectionStringTests
{
    [TestMethod]
    [DataRow("MultipleActiveResultSets=True", true)]
    [DataRow("multiple active result sets=yes", true)]
    [DataRow("MultipleActiveResultSets=False", false)]
    [DataRow("", false)]
    public void MultipleActiveResultSets_SwitchedOn_IsRefused(string setting, bool isRefused)
    {
        using DbConnection connection = SqlClientFactory.Instance.CreateDataSource($"Server=nowhere;{setting}").CreateConnection();

        string? obstacle = SqlServerSchemaStatements.FindObstacle(connection.ConnectionString);

        Assert.AreEqual(isRefused, obstacle?.StartsWith("The connection string says MultipleActiveResultSets=True.", StringComparison.Ordinal) ?? false);
    }

    // The server keeps a plan for each size that is declared.
    [TestMethod]
    public void Parameters_OfEveryLength_DeclareOneSize()
    {
        Assert.AreEqual((SqlDbType.VarBinary, 8000), Declared(Array.Empty<byte>()));
        Assert.AreEqual((SqlDbType.VarBinary, 8000), Declared(new byte[16]));
        Assert.AreEqual((SqlDbType.VarBinary, 8000), Declared(null));
        Assert.AreEqual((SqlDbType.VarBinary, -1), Declared(new byte[8001]));

        static (SqlDbType, int) Declared(byte[]? value)
        {
            using var command = new SqlCommand();
            ((SqlMapper.IDynamicParameters)new SqlParameters().With("copy", value)).AddParameters(command, null!);
            return (command.Parameters[0].SqlDbType, command.Parameters[0].Size);
        }
    }
}
