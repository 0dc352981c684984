using System.Diagnostics;
using Npgsql;

namespace TokenKit.Dapper.Tests;

/// <summary>A PostgreSQL server of the tests' own: a private cluster in a folder under /tmp, reached through a Unix socket in it.</summary>
/// <remarks>
/// A shell keeps the server and waits for words of this process. When its input ends it stops the server and removes the folder; so nothing
/// is left behind even when the tests are killed. PostgreSQL refuses to run as root, and then the shell runs as another user.
/// It does not wait for the disk: no test cuts the power.
/// </remarks>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Script = """
        folder=$(mktemp -d /tmp/tokenkit-pg-XXXXXX) || exit
        "$1/initdb" -D "$folder/data" -U tokenkit --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1 || { cat "$folder/log"; exit; }
        echo "$folder"
        while :; do
            "$1/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" -c max_connections=400 -c fsync=off >>"$folder/log" 2>&1 </dev/null &
            read -r stop
            ended=$?
            kill -INT $!
            wait $!
            [ $ended -eq 0 ] && echo stopped && read -r start || break
        done
        rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(StartAsync);

    private readonly Process _shell;

    private PostgreSqlServer(Process shell, string folder)
    {
        _shell = shell;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = folder, Username = "tokenkit", Database = "postgres" }.ToString();
    }

    /// <summary>The server that all tests of this assembly share.</summary>
    public static Task<PostgreSqlServer> Shared => SharedServer.Value;

    public string ConnectionString { get; }

    /// <summary>Makes a cluster and starts its server. Without PostgreSQL the test is skipped, or fails where that is demanded.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        if (FindPrograms() is not { } programs)
        {
            const string Reason = "PostgreSQL's server is not installed: neither the PATH nor /usr/lib/postgresql/*/bin has initdb and postgres.";
            if (Environment.GetEnvironmentVariable("TOKENKIT_REQUIRE_POSTGRESQL") == "1")
            {
                Assert.Fail(Reason);
            }

            Assert.Inconclusive(Reason);
            return null!;
        }

        Process shell = Process.Start(ShellOf(programs))!;
        string answer = await shell.StandardOutput.ReadLineAsync() ?? "";
        if (!answer.StartsWith('/'))
        {
            Assert.Fail($"initdb failed: {answer}\n{await shell.StandardOutput.ReadToEndAsync()}");
        }

        var server = new PostgreSqlServer(shell, answer);
        await server.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Stops it as an operator in a hurry would: every session ends at once.</summary>
    public async Task StopAsync()
    {
        await _shell.StandardInput.WriteLineAsync("stop");
        Assert.AreEqual("stopped", await _shell.StandardOutput.ReadLineAsync());
    }

    /// <summary>Starts it again, with the same data.</summary>
    public async Task StartAgainAsync()
    {
        await _shell.StandardInput.WriteLineAsync("start");
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    public static async Task StopSharedAsync()
    {
        if (SharedServer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Shared).DisposeAsync();
        }
    }

    // The PATH first; then the newest of those that Debian keeps side by side.
    private static string? FindPrograms()
    {
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string> versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(versions).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static ProcessStartInfo ShellOf(string programs)
    {
        string user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        string[] asAnotherUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", user, "--"] : [];
        string[] command = [.. asAnotherUser, "sh", "-c", Script, "sh", programs];
        return new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
        }
    }
}
