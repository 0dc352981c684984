using System.Diagnostics;
using Npgsql;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>A PostgreSQL server of this program's own: a cluster in a folder under /tmp, reached through a Unix socket in it.</summary>
/// <remarks>
/// A shell keeps the server until its input ends, then it stops the server and removes the folder: nothing is left behind even when this
/// program is killed. PostgreSQL refuses to run as root, and then the shell runs as another user.
/// </remarks>
internal sealed class PrivatePostgreSql : IAsyncDisposable
{
    private const string Script = """
        folder=$(mktemp -d /tmp/tokenkit-bench-pg-XXXXXX) || exit
        "$1/initdb" -D "$folder/data" -U tokenkit --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1 || exit
        echo "$folder"
        "$1/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" >>"$folder/log" 2>&1 </dev/null &
        read -r end
        kill -INT $!
        wait $!
        rm -rf "$folder"
        """;

    private readonly Process _shell;

    private PrivatePostgreSql(Process shell, string folder)
    {
        _shell = shell;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = folder, Username = "tokenkit", Database = "postgres" }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>Starts one; null where PostgreSQL's server is not installed.</summary>
    public static async Task<PrivatePostgreSql?> StartAsync()
    {
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string> versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        if (path.Concat(versions).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) is not { } programs)
        {
            return null;
        }

        string[] asAnotherUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", UserName(), "--"] : [];
        string[] command = [.. asAnotherUser, "sh", "-c", Script, "sh", programs];
        Process shell = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        string folder = await shell.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("initdb failed.");
        var server = new PrivatePostgreSql(shell, folder);
        await server.WaitUntilReadyAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static string UserName() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

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
