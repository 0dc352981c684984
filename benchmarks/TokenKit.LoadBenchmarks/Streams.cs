using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>How late the streams of users say a change, beside a user with very many tokens who changes and lists them without a pause.</summary>
internal static class Streams
{
    private const int Tokens = 20_000;
    private const int NameLength = 255;
    private const int Users = 20;
    private const double MostMilliseconds = 100;

    public static async Task RunAsync(Scale scale)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tokens.db");
        (string large, _) = await ListHosts.FillAsync(file, ListHosts.Canvus, scale.Quick ? 2000 : Tokens, NameLength);
        string[] small = await ListHosts.IssueCallersAsync(file, ListHosts.Canvus, [.. Enumerable.Range(1, Users).Select(UserOf)]);
        using ServerProcess server = await ServerProcess.StartAsync(Environment.ProcessPath!, "lists", file);
        var address = new Uri($"http://127.0.0.1:{server.Find(Contender.Lists).Port}");
        var users = new List<StreamingUser>();
        for (int number = 0; number < Users; number++)
        {
            users.Add(await StreamingUser.OpenAsync(address, UserOf(number + 1), small[number]));
        }

        Console.WriteLine();
        Console.WriteLine("| streams of others | changes | p50 | p99 | longest | goal: p99 at most 100 ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|---|");
        await MeasureAsync("alone", users, scale.StreamChanges);

        using var stop = new CancellationTokenSource();
        using StreamingUser own = await StreamingUser.OpenAsync(address, ListHosts.Subject, large);
        Task[] work = [own.ReadAllAsync(stop.Token), own.ChangeUntilAsync(stop.Token), own.ListUntilAsync(stop.Token)];
        await MeasureAsync(Invariant($"beside a user of {Tokens:N0} tokens, who changes and lists them"), users, scale.StreamChanges);
        await stop.CancelAsync();
        await Task.WhenAll(work.Select(static task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));
        users.ForEach(static user => user.Dispose());
    }

    private static string UserOf(int number) => Invariant($"{2000 + number}");

    private static async Task MeasureAsync(string name, List<StreamingUser> users, int changes)
    {
        List<double> milliseconds = [];
        for (int change = 0; change < changes; change++)
        {
            milliseconds.Add((await users[change % users.Count].ChangeAndReadAsync()).TotalMilliseconds);
            await Task.Delay(20);
        }

        double p99 = Statistics.Percentile(milliseconds, 0.99);
        Console.WriteLine(
            Invariant($"| {name} | {changes} | {Statistics.Percentile(milliseconds, 0.5):0.0} ms | {p99:0.0} ms | {milliseconds.Max():0.0} ms ")
            + $"| {(p99 <= MostMilliseconds ? "reached" : "missed")} |");
    }

    /// <summary>A user with a stream of the own tokens.</summary>
    private sealed class StreamingUser : IDisposable
    {
        private readonly HttpClient _client;
        private readonly StreamReader _lines;
        private readonly string _path;
        private readonly string _token;
        private int _changes;

        private StreamingUser(HttpClient client, StreamReader lines, string path, string token)
        {
            _client = client;
            _lines = lines;
            _path = path;
            _token = token;
        }

        public static async Task<StreamingUser> OpenAsync(Uri address, string user, string credential)
        {
            string path = $"/api/v1/users/{user}/access-tokens";
            var client = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "Private-Token", credential } }, Timeout = Timeout.InfiniteTimeSpan };
            var lines = new StreamReader(await client.GetStreamAsync($"{path}?subscribe"));
            using var first = JsonDocument.Parse((await lines.ReadLineAsync())!);
            string token = first.RootElement.EnumerateArray().First(static one => one.GetProperty("description").GetString() == "caller").GetProperty("id").GetString()!;
            return new StreamingUser(client, lines, path, token);
        }

        /// <summary>Changes a token, and waits for the line that says so.</summary>
        /// <returns>How long after the answer to the change it came.</returns>
        public async Task<TimeSpan> ChangeAndReadAsync()
        {
            Task<long> said = Task.Run(async () =>
            {
                string? line;
                do
                {
                    line = await _lines.ReadLineAsync();
                }
                while (line is "");

                return Stopwatch.GetTimestamp();
            });
            await ChangeAsync(CancellationToken.None);
            long answered = Stopwatch.GetTimestamp();
            return Stopwatch.GetElapsedTime(answered, Math.Max(answered, await said));
        }

        public async Task ReadAllAsync(CancellationToken stop)
        {
            while (await _lines.ReadLineAsync(stop) is not null)
            {
            }
        }

        public async Task ChangeUntilAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                await ChangeAsync(stop);
            }
        }

        public async Task ListUntilAsync(CancellationToken stop)
        {
            byte[] buffer = new byte[64 * 1024];
            while (!stop.IsCancellationRequested)
            {
                await using Stream list = await _client.GetStreamAsync(_path, stop);
                while (await list.ReadAsync(buffer, stop) > 0)
                {
                }
            }
        }

        public void Dispose()
        {
            _lines.Dispose();
            _client.Dispose();
        }

        private async Task ChangeAsync(CancellationToken stop)
        {
            using HttpResponseMessage response = await _client.PatchAsJsonAsync($"{_path}/{_token}", new { description = Invariant($"change {++_changes}") }, stop);
            response.EnsureSuccessStatusCode();
        }
    }
}
