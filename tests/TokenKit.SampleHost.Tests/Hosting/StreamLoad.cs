using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace TokenKit.SampleHost.Tests.Hosting;

/// <summary>
/// Many streams on the tokens of user 1001, half of them opened by the user and half by the administrator, and changes that all of them are to
/// say. Delays count from the moment at which a change is sent.
/// </summary>
internal sealed class StreamLoad : IDisposable
{
    private const int OpenedAtOnce = 50;
    private const string Path = "api/v1/users/1001/access-tokens";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SampleProcess _host;
    private readonly HttpClient _http;
    private readonly int _streams;
    private readonly long[] _sentAt;
    private readonly TimeSpan[] _delays;
    private readonly CancellationTokenSource _end = new();
    private int _delivered;

    private StreamLoad(SampleProcess host, int streams, int changes)
    {
        _host = host;
        _http = new HttpClient { BaseAddress = host.BaseUrl, Timeout = Patience };
        _streams = streams;
        _sentAt = new long[changes];
        _delays = new TimeSpan[streams * changes];
    }

    /// <summary>Opens streams and makes changes, at an interval at least, each when every stream has said the one before.</summary>
    public static async Task<StreamFigures> RunAsync(SampleProcess host, int streams, int changes, TimeSpan interval)
    {
        using var load = new StreamLoad(host, streams, changes);
        return await load.RunAsync(interval);
    }

    public void Dispose()
    {
        _end.Dispose();
        _http.Dispose();
    }

    private async Task<StreamFigures> RunAsync(TimeSpan interval)
    {
        string id = await SendAsync(HttpMethod.Post, Path, "to be changed");
        long memoryBefore = _host.Memory;
        List<Task> readers = [];
        foreach (int[] some in Enumerable.Range(0, _streams).Chunk(OpenedAtOnce))
        {
            readers.AddRange((await Task.WhenAll(some.Select(OpenAsync))).Select((lines, index) => FollowAsync(some[index], lines)));
        }

        long memory = _host.Memory;
        for (int change = 0; change < _sentAt.Length; change++)
        {
            var pause = Task.Delay(interval);
            _sentAt[change] = Stopwatch.GetTimestamp();
            await SendAsync(HttpMethod.Patch, $"{Path}/{id}", $"{change}");
            await DeliveredAsync((change + 1) * _streams, readers);
            await pause;
            memory = Math.Max(memory, _host.Memory);
        }

        int open = readers.Count(reader => !reader.IsCompleted);
        await _end.CancelAsync();
        await Task.WhenAll(readers);
        return new StreamFigures(open, _delivered, [.. _delays.Order()], memory - memoryBefore);
    }

    // The next change comes when this one was said everywhere: one line may stand for two changes. Whoever misses one is waited for in vain.
    private async Task DeliveredAsync(int lines, List<Task> readers)
    {
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref _delivered) < lines && waited.Elapsed < Patience; await Task.Delay(20))
        {
            // What fails a reader fails the test.
            await Task.WhenAll(readers.Where(reader => reader.IsFaulted));
        }
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string description)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(new { description }) };
        request.Headers.Add("Private-Token", _host.Credential(1001, "canvus"));
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Opens a stream and reads its first line.</summary>
    private async Task<StreamReader> OpenAsync(int stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}?subscribe");
        request.Headers.Add("Private-Token", _host.Credential(1000 + (stream % 2), "canvus"));
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var lines = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        Assert.Contains("to be changed", await lines.ReadLineAsync() ?? "");
        return lines;
    }

    /// <summary>Reads a stream until it ends, or the test does.</summary>
    private async Task FollowAsync(int stream, StreamReader lines)
    {
        using (lines)
        {
            try
            {
                while (await lines.ReadLineAsync(_end.Token) is { } line)
                {
                    if (line.Length > 0)
                    {
                        int change = int.Parse(JsonElement.Parse(line)[0].GetProperty("description").GetString()!, null);
                        _delays[(stream * _sentAt.Length) + change] = Stopwatch.GetElapsedTime(_sentAt[change]);
                        Interlocked.Increment(ref _delivered);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test has seen enough.
            }
        }
    }
}

/// <summary>What many streams came to.</summary>
/// <param name="Open">How many were open to the end.</param>
/// <param name="Delivered">How many times a stream said a change.</param>
/// <param name="Delays">How long that took each time, shortest first.</param>
/// <param name="AddedMemory">By how many bytes the host's process grew, at the most.</param>
internal sealed record StreamFigures(int Open, int Delivered, TimeSpan[] Delays, long AddedMemory)
{
    public override string ToString() =>
        $"{Open} streams open, {Delivered} lines delivered; delay: median {Share(0.5)} ms, 99 % {Share(0.99)} ms, longest {Share(1)} ms; "
        + $"{AddedMemory / 1_000_000.0:F0} MB of added memory";

    private string Share(double share) => $"{Delays[(int)((Delays.Length - 1) * share)].TotalMilliseconds:F0}";
}
