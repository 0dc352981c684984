using System.Diagnostics;
using System.Text.Json;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>What lists of many tokens take of the server's memory, with many readers at once.</summary>
internal static class Lists
{
    private const int Readers = 24;
    private const int WarmUps = 20;
    private const double MostMebibytes = 64;

    private static readonly ListOfMany[] All =
    [
        new("Amove", ListHosts.Amove, 50_000, 255, static (token, user) => new($"/apitoken/get_all?token={token}")),
        new("Query", ListHosts.Query, 50_000, 255, static (token, user) => new(user == ListHosts.Subject ? "/_/token" : "/_/token/value?name=", "Authorization", $"Bearer {token}")),
        new("Canvus", ListHosts.Canvus, 50_000, 255, static (token, user) => new(CanvusPath(user), "Private-Token", token)),
        new("Canvus, first line of a stream", ListHosts.Canvus, 50_000, 255, static (token, user) => new($"{CanvusPath(user)}?subscribe", "Private-Token", token)),
        new("Canvus, descriptions of 5,000", ListHosts.Canvus, 20_000, 5000, static (token, user) => new(CanvusPath(user), "Private-Token", token)),
        new("Canvus, the same as a stream", ListHosts.Canvus, 20_000, 5000, static (token, user) => new($"{CanvusPath(user)}?subscribe", "Private-Token", token)),
        new("VirtuousAI, all pages", ListHosts.VirtuousAI, 50_000, 255, static (token, user) => new("/api/v1/access-tokens?limit=200", "Authorization", $"Bearer {token}")),
    ];

    public static async Task RunAsync(Scale scale)
    {
        Console.WriteLine();
        Console.WriteLine($"| {Readers} readers of | tokens | each answer | time | idle | peak | above idle | goal: at most {MostMebibytes} MiB |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|---|");
        foreach (ListOfMany list in All.Where(list => scale.IncludesName(list.Name)))
        {
            await RunAsync(scale.Quick ? list with { Tokens = 2000 } : list);
        }
    }

    private static async Task RunAsync(ListOfMany list)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tokens.db");
        (string token, string other) = await ListHosts.FillAsync(file, list.Set, list.Tokens, list.NameLength);
        using ServerProcess server = await ServerProcess.StartAsync(Environment.ProcessPath!, "lists", file);
        using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * Readers })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{server.Find(Contender.Lists).Port}"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        ListRequest request = list.Request(token, ListHosts.Subject);

        // The code is compiled, and there are connections to the host and to the database.
        for (int round = 0; round < WarmUps; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(client, list.Request(other, ListHosts.OtherSubject)))));
        }

        double idle = server.Memory;
        long start = Stopwatch.GetTimestamp();
        (long Bytes, int Rows)[] read = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(client, request))));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double peak = server.PeakMemory;

        // The caller's own token is among the rows; Query's rows are in an object instead.
        bool isWhole = read.All(one => one.Rows == list.Tokens + 1);
        Console.WriteLine(
            Invariant($"| {list.Name} | {list.Tokens:N0} | {read[0].Bytes / 1e6:0.0} MB | {elapsed.TotalSeconds:0.0} s ")
            + Invariant($"| {idle:0} MiB | {peak:0} MiB | {peak - idle:0} MiB | {(!isWhole ? "not whole" : peak - idle <= MostMebibytes ? "reached" : "missed")} |"));
    }

    private static string CanvusPath(string user) => $"/api/v1/users/{user}/access-tokens";

    /// <summary>Reads a list, page after page where it has pages; of a stream the first line.</summary>
    private static async Task<(long Bytes, int Rows)> ReadAsync(HttpClient client, ListRequest list)
    {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        int rows = 0;
        string? cursor = "";
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, cursor.Length == 0 ? list.Path : $"{list.Path}&cursor={cursor}");
            if (list.Header is not null)
            {
                request.Headers.Add(list.Header, list.Value);
            }

            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using Stream body = await response.Content.ReadAsStreamAsync();
            if (list.HasPages)
            {
                using JsonDocument page = await JsonDocument.ParseAsync(body);
                rows += page.RootElement.GetProperty("items").GetArrayLength();
                bytes += page.RootElement.GetRawText().Length;
                cursor = page.RootElement.GetProperty("nextCursor").GetString();
                continue;
            }

            cursor = null;
            for (int count; (count = await body.ReadAsync(buffer)) > 0;)
            {
                bytes += count;
                rows += buffer.AsSpan(0, count).Count((byte)'{');
                if (buffer[count - 1] == '\n')
                {
                    break;
                }
            }
        }
        while (cursor is not null);

        return (bytes, rows);
    }

    private sealed record ListOfMany(string Name, string Set, int Tokens, int NameLength, Func<string, string, ListRequest> Request);

    private sealed record ListRequest(string Path, string? Header = null, string? Value = null)
    {
        public bool HasPages => Path.Contains("limit=", StringComparison.Ordinal);
    }
}
