using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>
/// One user changes a token on 2,000 connections, on SQLite where each commit takes 4 ms. Meanwhile another user revokes tokens, one after
/// the other. Then the same in one process, without HTTP, by callers who do not wait before they try again.
/// </summary>
internal static class Crowd
{
    private const int Callers = 2_000;
    private const double MostMilliseconds = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(Scale scale)
    {
        Console.WriteLine();
        Console.WriteLine("| 2,000 callers | changes/s | turned away/s | revocations | p50 | p99 | longest | failed | log lines | goal: p99 ≤ 100 ms, none failed |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|");
        await OverHttpAsync(scale.CrowdRevocations);
        await InProcessAsync(scale.CrowdRevocations);
    }

    private static async Task OverHttpAsync(int revocations)
    {
        using var folder = new TemporaryFolder();
        using ServerProcess server = await ServerProcess.StartAsync(
            Environment.ProcessPath!, CrowdHosts.Name, Path.Combine(folder.Path, "tokens.db"), revocations.ToString(CultureInfo.InvariantCulture));
        Contender crowd = server.Find(CrowdHosts.Name);
        string[] ids = crowd.Credentials[3..];
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(Invariant($"http://127.0.0.1:{crowd.Port}")) };
        var counts = new Counts();
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => counts.CountAsync(PatchAsync, obeys: true, stop.Token)))];
        await counts.WarmUpAsync();
        int failed = 0;
        foreach (string id in ids)
        {
            await Task.Delay(Pause);
            using HttpRequestMessage request = Request(HttpMethod.Delete, CrowdHosts.Quiet, id, crowd.Credentials[2]);
            using HttpResponseMessage answer = await client.SendAsync(request);
            failed += answer.IsSuccessStatusCode ? 0 : 1;
        }

        (double changes, double turnedAway) = counts.PerSecond;
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        string[] figures = (await client.GetStringAsync("/figures")).Split(' ');
        double[] times = [.. figures[..3].Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        Print("over HTTP, each waits as it is told", changes, turnedAway, ids.Length, times, failed, figures[4]);

        async Task<bool> PatchAsync()
        {
            using HttpRequestMessage request = Request(HttpMethod.Patch, CrowdHosts.Loud, crowd.Credentials[1], crowd.Credentials[0]);
            request.Content = new StringContent("""{"description":"changed"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.SendAsync(request);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => true,
                HttpStatusCode.ServiceUnavailable => false,
                _ => throw new InvalidOperationException(Invariant($"A change was answered {(int)answer.StatusCode}.")),
            };
        }
    }

    private static async Task InProcessAsync(int revocations)
    {
        using var folder = new TemporaryFolder();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        CrowdHosts.AddTo(builder.Services, Path.Combine(folder.Path, "tokens.db"));
        using IHost host = builder.Build();
        await host.StartAsync();
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        ApiToken loud = await IssueAsync(CrowdHosts.Loud);
        List<ApiToken> quiet = [];
        for (int number = 0; number < revocations; number++)
        {
            quiet.Add(await IssueAsync(CrowdHosts.Quiet));
        }

        var counts = new Counts();
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => counts.CountAsync(UpdateAsync, obeys: false, stop.Token)))];
        await counts.WarmUpAsync();
        List<double> times = [];
        int failed = 0;
        foreach (ApiToken token in quiet)
        {
            await Task.Delay(Pause);
            long start = Stopwatch.GetTimestamp();
            try
            {
                failed += await tokens.RevokeAsync(CrowdHosts.Realm, token.Id, SubjectFilter.Is(CrowdHosts.Quiet)) is null ? 1 : 0;
            }
            catch (TokenStoreException)
            {
                failed++;
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        (double changes, double turnedAway) = counts.PerSecond;
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Print(
            "in one process, nobody waits",
            changes,
            turnedAway,
            revocations,
            [Statistics.Percentile(times, 0.5), Statistics.Percentile(times, 0.99), times.Max()],
            failed,
            "–");
        await host.StopAsync();

        async Task<ApiToken> IssueAsync(string subject) =>
            ((IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(CrowdHosts.Realm) { Subject = subject, Name = "one" })).Token;

        async Task<bool> UpdateAsync()
        {
            try
            {
                await tokens.UpdateAsync(new UpdateRequest(CrowdHosts.Realm, loud.Id, SubjectFilter.Any) { Name = "changed", Actor = TokenActor.For(loud) });
                return true;
            }
            catch (TokenStoreException exception) when (exception.RetryAfter is not null)
            {
                return false;
            }
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string user, string id, string credential)
    {
        var request = new HttpRequestMessage(method, $"/api/v1/users/{user}/access-tokens/{id}");
        request.Headers.Add("Private-Token", credential);
        return request;
    }

    private static void Print(string what, double changes, double turnedAway, int revocations, double[] times, int failed, string lines)
    {
        bool passes = times[1] <= MostMilliseconds && failed == 0;
        Console.WriteLine(
            Invariant($"| {what} | {changes:N0} | {turnedAway:N0} | {revocations:N0} | {times[0]:0.0} ms | {times[1]:0.0} ms | {times[2]:0.0} ms | {failed} ")
            + $"| {lines} | {(passes ? "reached" : "missed")} |");
    }

    /// <summary>What became of the calls of the loud user.</summary>
    private sealed class Counts
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private int _made;
        private int _turnedAway;

        public (double Made, double TurnedAway) PerSecond => (_made / _watch.Elapsed.TotalSeconds, _turnedAway / _watch.Elapsed.TotalSeconds);

        public async Task CountAsync(Func<Task<bool>> call, bool obeys, CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                if (await call())
                {
                    Interlocked.Increment(ref _made);
                    continue;
                }

                Interlocked.Increment(ref _turnedAway);
                if (obeys)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                }
                else
                {
                    await Task.Yield();
                }
            }
        }

        /// <summary>Ends when the crowd is at full speed.</summary>
        public async Task WarmUpAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
            _watch.Restart();
            (_made, _turnedAway) = (0, 0);
        }
    }
}
