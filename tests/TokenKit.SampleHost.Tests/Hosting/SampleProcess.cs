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

    /// <summary>How many bytes of memory the process has at the moment.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>A bootstrap credential of a seeded user.</summary>
    public string Credential(int user, string key = "virtuousai") => _bootstrap.RootElement.GetProperty("users").EnumerateArray()
        .Single(entry => entry.GetProperty("id").GetInt32() == user)
        .GetProperty(key).GetString()!;

    /// <summary>The bootstrap credentials of all users, by the keys that they have in the file.</summary>
    public ILookup<string, string> Credentials => _bootstrap.RootElement.GetProperty("users").EnumerateArray()
        .SelectMany(user => user.EnumerateObject())
        .Where(member => member.Value.ValueKind == JsonValueKind.String)
        .ToLookup(member => member.Name, member => member.Value.GetString()!);

    /// <summary>Starts the host and waits until it listens.</summary>
    public static async Task<SampleProcess> StartAsync(SampleFolder folder, string bootstrapName = "bootstrap.json", params string[] more)
    {
        string bootstrapFile = Path.Combine(folder.Path, bootstrapName);
        File.Delete(bootstrapFile);
        var output = new ConcurrentQueue<string>();
        Process process = Launch(folder, bootstrapFile, more);
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

    /// <summary>Starts the host and waits for nothing.</summary>
    public static Process Launch(SampleFolder folder, string bootstrapFile, params string[] more) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "TokenKit.SampleHost.dll"),
            "--urls", "http://127.0.0.1:0", "--database", folder.Database, "--bootstrap-file", bootstrapFile, .. more,
        ])
    {
        WorkingDirectory = folder.Path,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

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

    /// <summary>What the host answers to whoever presents a bootstrap credential, or one like it, to the API that it is for.</summary>
    public async Task<HttpStatusCode> UseAsync(string key, string credential)
    {
        (string path, string header, string value) = key switch
        {
            "virtuousai" => ("/api/v1/access-tokens", "Authorization", $"Bearer {credential}"),
            "canvus" => ("/whoami", "Private-Token", credential),
            "query" => ("/_/token", "Authorization", $"Bearer {credential}"),
            "amove" or "jwt" => ($"/apitoken/get_all?token={credential}", "Accept", "*/*"),
            _ => throw new ArgumentException($"There is no credential '{key}'.", nameof(key)),
        };
        using var client = new HttpClient { BaseAddress = BaseUrl, DefaultRequestHeaders = { { header, value } } };
        using HttpResponseMessage response = await client.GetAsync(path);
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
