using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace TokenKit.SampleHost.Tests.Hosting;

/// <summary>The sample host as a child process on a free port of the loopback address.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;
    private readonly JsonDocument _bootstrap;

    private SampleProcess(Process process, ConcurrentQueue<string> output, JsonDocument bootstrap)
    {
        _process = process;
        _output = output;
        _bootstrap = bootstrap;
        BaseUrl = new Uri(bootstrap.RootElement.GetProperty("baseUrl").GetString()!);
    }

    public Uri BaseUrl { get; }

    /// <summary>Everything that the console showed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The bootstrap credential of a seeded user.</summary>
    public string Credential(int user) => _bootstrap.RootElement.GetProperty("users").EnumerateArray()
        .Single(entry => entry.GetProperty("id").GetInt32() == user)
        .GetProperty("virtuousai").GetString()!;

    /// <summary>Starts the host and waits until it listens.</summary>
    public static async Task<SampleProcess> StartAsync(SampleFolder folder, string bootstrapName = "bootstrap.json")
    {
        string bootstrapFile = Path.Combine(folder.Path, bootstrapName);
        File.Delete(bootstrapFile);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "TokenKit.SampleHost.dll"),
                "--urls", "http://127.0.0.1:0", "--database", folder.Database, "--bootstrap-file", bootstrapFile,
            },
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var output = new ConcurrentQueue<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // The file appears by a rename, so it is whole as soon as it is there.
        for (var waited = Stopwatch.StartNew(); !File.Exists(bootstrapFile); await Task.Delay(20))
        {
            if (process.HasExited || waited.Elapsed > Patience)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"The sample host did not start.\n{string.Join('\n', output)}");
            }
        }

        return new SampleProcess(process, output, JsonDocument.Parse(await File.ReadAllTextAsync(bootstrapFile)));
    }

    /// <summary>A client that presents a token.</summary>
    public HttpClient Client(string token) => new()
    {
        BaseAddress = BaseUrl,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>What the host answers to whoever presents a token.</summary>
    public async Task<HttpStatusCode> UseAsync(string token)
    {
        using HttpClient client = Client(token);
        using HttpResponseMessage response = await client.GetAsync("/whoami");
        return response.StatusCode;
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _bootstrap.Dispose();
    }
}
