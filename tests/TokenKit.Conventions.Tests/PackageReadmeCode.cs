using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Hashing;
using TokenKit.Stores;

namespace TokenKit.Conventions.Tests;

/// <summary>The code in the readmes of the packages that no sample uses. A test holds each line of a readme to a file that is compiled.</summary>
[TestClass]
public sealed class PackageReadmeCode
{
    [TestMethod]
    public void Dapper_Readme_GivesAStore()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddTokenKit()
            .UseSqlite(SqliteFactory.Instance.CreateDataSource("Data Source=tokens.db"), store => store.MigrateAtStart = true)
            .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
        AssertGives<ITokenStore>(builder, "DapperTokenStore");
    }

    [TestMethod]
    public void PostgreSql_Readme_GivesAStore()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddTokenKit()
            .UsePostgreSql("Host=db;Database=app;Username=app", store => store.MigrateAtStart = true)
            .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
        AssertGives<ITokenStore>(builder, "DapperTokenStore");
    }

    [TestMethod]
    public void SqlServer_Readme_GivesAStore()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddTokenKit()
            .UseSqlServer("Server=db;Database=app;Integrated Security=true", store => store.MigrateAtStart = true)
            .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
        AssertGives<ITokenStore>(builder, "DapperTokenStore");
    }

    [TestMethod]
    public void Konscious_Readme_GivesAHasher()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddTokenKit()
            .UseKonsciousArgon2()
            .UseInMemoryStore()
            .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
        AssertGives<ISecretHasher>(builder, "Argon2SecretHasher");
    }

    private static void AssertGives<T>(HostApplicationBuilder builder, string type)
        where T : notnull
    {
        using IHost host = builder.Build();
        Assert.AreEqual(type, host.Services.GetRequiredService<T>().GetType().Name);
    }
}
