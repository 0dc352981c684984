using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TokenKit.LoadBenchmarks.Driving;

/// <summary>What the server has used up since it started.</summary>
/// <param name="Cpu">Processor time in microseconds, the kernel's share included.</param>
/// <param name="Bytes">Bytes allocated.</param>
/// <param name="HashRuns">Argon2id hashes that were run to verify a text.</param>
/// <param name="Compiled">Methods that the runtime has compiled, each tier counted.</param>
internal readonly record struct Consumption(double Cpu, long Bytes, long HashRuns, long Compiled);

/// <summary>This program as a server, in a process of its own so that its processor time is told apart from the client's.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpConnection _control;
    private readonly byte[] _ask = HttpConnection.Request(credential: null);

    private ServerProcess(Process process, IReadOnlyList<Contender> contenders)
    {
        _process = process;
        _control = new HttpConnection(contenders.Single(contender => contender.Name == Contender.Control).Port);
        Contenders = [.. contenders.Where(contender => contender.Name != Contender.Control)];
    }

    public IReadOnlyList<Contender> Contenders { get; }

    /// <summary>The most memory it has had resident, in MiB.</summary>
    public double PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / 1024.0 / 1024;
        }
    }

    /// <summary>The memory that it has resident, in MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024;
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="program">This program, or another build of it.</param>
    /// <param name="arguments">What it serves.</param>
    public static async Task<ServerProcess> StartAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, ["serve", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // Threads that spin while they wait for work would count how idle the server was as the cost of a request.
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        Process process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server process did not start.");
        return new ServerProcess(process, JsonSerializer.Deserialize<Contender[]>(line)!);
    }

    public Contender Find(string name) => Contenders.Single(contender => contender.Name == name);

    public Consumption Ask()
    {
        _control.Exchange(_ask);
        string[] figures = _control.Body.Split(' ');
        return new Consumption(
            double.Parse(figures[0], CultureInfo.InvariantCulture),
            long.Parse(figures[1], CultureInfo.InvariantCulture),
            long.Parse(figures[2], CultureInfo.InvariantCulture),
            long.Parse(figures[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Stops it as a host is stopped: what is not written down yet is.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
