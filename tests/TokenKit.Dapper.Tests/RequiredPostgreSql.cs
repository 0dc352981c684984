using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests;

/// <summary>The PostgreSQL servers of the tests. They do not wait for the disk: no test cuts the power.</summary>
internal static class RequiredPostgreSql
{
    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(() => StartAsync());

    /// <summary>The server that all tests of this assembly share.</summary>
    public static Task<PostgreSqlServer> Shared => SharedServer.Value;

    /// <summary>Starts a server of a test's own. Without PostgreSQL the test is skipped, or fails where that is demanded.</summary>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        if (await PostgreSqlServer.StartAsync(["max_connections=400", "fsync=off", .. settings]) is { } server)
        {
            return server;
        }

        const string Reason = "PostgreSQL's server is not installed: neither the PATH nor /usr/lib/postgresql/*/bin has initdb and postgres.";
        if (Environment.GetEnvironmentVariable("TOKENKIT_REQUIRE_POSTGRESQL") == "1")
        {
            Assert.Fail(Reason);
        }

        Assert.Inconclusive(Reason);
        return null!;
    }

    public static async Task StopSharedAsync()
    {
        if (SharedServer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Shared).DisposeAsync();
        }
    }
}
