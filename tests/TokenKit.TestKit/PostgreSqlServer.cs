using System.Diagnostics;
using Npgsql;

namespace TokenKit.TestKit;

/// <summary>A private PostgreSQL server: a cluster in a folder under /tmp, reached through a Unix socket in it.</summary>
/// <remarks>
/// A shell keeps the server and waits for words of this process. When its input ends it stops the server and removes the folder; so nothing
/// is left behind even when this process is killed. PostgreSQL refuses to run as root, and then the shell runs as another user.
/// </remarks>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Script = """
        programs=$1
        shift
        folder=$(mktemp -d /tmp/tokenkit-pg-XXXXXX) || exit
        "$programs/initdb" -D "$folder/data" -U tokenkit --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1 || { cat "$folder/log"; exit; }
        echo "$folder"
        while :; do
            "$programs/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" "$@" >>"$folder/log" 2>&1 </dev/null &
            server=$!
            read -r how
            ended=$?
            if [ "$how" = kill ]; then
                kill -STOP $server
                processes=$(cat /proc/$server/task/$server/children)
                kill -KILL $server $processes
                for process in $processes; do
                    while grep -q . /proc/$process/maps 2>/dev/null; do sleep 0.02; done
                done
            else
                kill -INT $server
            fi
            wait $server
            [ $ended -eq 0 ] && echo stopped && read -r start || break
        done
        rm -rf "$folder"
        """;

    private readonly Process _shell;

    private PostgreSqlServer(Process shell, string folder)
    {
        _shell = shell;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = folder, Username = "tokenkit", Database = "postgres" }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <param name="settings">Settings of the server, such as <c>fsync=off</c>.</param>
    /// <returns>Null where PostgreSQL is not installed: neither the PATH nor /usr/lib/postgresql/*/bin has initdb and postgres.</returns>
    public static async Task<PostgreSqlServer?> StartAsync(params string[] settings)
    {
        if (FindPrograms() is not { } programs)
        {
            return null;
        }

        Process shell = Process.Start(ShellOf(programs, settings))!;
        string answer = await shell.StandardOutput.ReadLineAsync() ?? "";
        if (!answer.StartsWith('/'))
        {
            throw new InvalidOperationException($"initdb failed: {answer}\n{await shell.StandardOutput.ReadToEndAsync()}");
        }

        var server = new PostgreSqlServer(shell, answer);
        await server.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Stops it as an operator in a hurry would: every session ends at once.</summary>
    public Task StopAsync() => EndAsync("stop");

    /// <summary>Kills it with all its processes, as a crash of the machine would, but for what the system has taken over for the disk already.</summary>
    /// <remarks>It does not start again before they have let go of their memory.</remarks>
    public Task KillAsync() => EndAsync("kill");

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

    // The PATH first; then the newest of those that Debian keeps side by side.
    private static string? FindPrograms()
    {
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        IEnumerable<string> versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(versions).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static ProcessStartInfo ShellOf(string programs, string[] settings)
    {
        string user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        string[] asAnotherUser = Environment.IsPrivilegedProcess ? ["runuser", "-u", user, "--"] : [];
        string[] command = [.. asAnotherUser, "sh", "-c", Script, "sh", programs, .. settings.SelectMany(setting => new[] { "-c", setting })];
        return new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
    }

    private async Task EndAsync(string how)
    {
        await _shell.StandardInput.WriteLineAsync(how);
        if (await _shell.StandardOutput.ReadLineAsync() != "stopped")
        {
            throw new InvalidOperationException("The server did not stop.");
        }
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
