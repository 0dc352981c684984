using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Stores;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>A host that references TokenKit.SqlServer, in each form that it may write. No server is asked.</summary>
[TestClass]
public sealed class DriverPackageTests
{
    private const string Server = "Server=nowhere;Database=app;Integrated Security=true";

    [TestMethod]
    public void SqlServer_EachForm_HasADataSourceOfTheDriver()
    {
        using DbDataSource own = SqlClientFactory.Instance.CreateDataSource(Server);
        Action<TokenKitBuilder>[] forms =
        [
            tokenKit => tokenKit.UseSqlServer(Server),
            tokenKit => tokenKit.UseSqlServer(static _ => Server, static options => options.MigrateAtStart = true),
            tokenKit => tokenKit.UseSqlServer(own),
            tokenKit => tokenKit.UseSqlServer(_ => own),
        ];
        foreach (Action<TokenKitBuilder> use in forms)
        {
            using ServiceProvider provider = Build(use);
            DbDataSource source = provider.GetRequiredKeyedService<DbDataSource>("TokenKit");
            using DbConnection connection = source.CreateConnection();

            Assert.IsInstanceOfType<SqlConnection>(connection);
            Assert.AreEqual("nowhere", connection.DataSource);
            Assert.IsInstanceOfType<DapperTokenStore>(provider.GetRequiredService<ITokenStore>());
        }
    }

    [TestMethod]
    public void SqlServer_WithoutConnectionString_IsRefused()
    {
        TokenKitBuilder tokenKit = new ServiceCollection().AddTokenKit();
        Assert.ThrowsExactly<ArgumentException>(() => tokenKit.UseSqlServer(""));
        Assert.ThrowsExactly<ArgumentNullException>(() => tokenKit.UseSqlServer((string)null!));
        using ServiceProvider provider = Build(static tokenKit => tokenKit.UseSqlServer(static _ => (string?)null));
        Assert.ThrowsExactly<InvalidOperationException>(() => provider.GetRequiredService<ITokenStore>());
    }

    private static ServiceProvider Build(Action<TokenKitBuilder> use)
    {
        IServiceCollection services = new ServiceCollection().AddLogging();
        use(services.AddTokenKit());
        return services.BuildServiceProvider();
    }
}
