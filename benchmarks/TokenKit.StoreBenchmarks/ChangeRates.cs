using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.StoreBenchmarks;

/// <summary>How many changes a second eight callers of eight subjects make, on PostgreSQL, near by and with a round trip that takes a millisecond more.</summary>
internal static class ChangeRates
{
    private const int Callers = 8;

    private static readonly string[] Operations = ["issue", "issue-by-token", "update", "revoke", "delete"];

    /// <summary>Measures this build, and another one beside it where its program is given: in rounds, so that both meet the same weather.</summary>
    public static async Task CompareAsync(string? otherProgram, int rounds)
    {
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync() ?? throw new InvalidOperationException("PostgreSQL's server is not installed.");
        string socketFile = Path.Combine(new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!, ".s.PGSQL.5432");
        Console.WriteLine("| changes a second, 8 callers | this build | the other | ratio: median (all) |");
        Console.WriteLine("|---|--:|--:|---|");
        foreach (double milliseconds in (double[])[0, 1])
        {
            await using var relay = new Relay(socketFile, TimeSpan.FromMilliseconds(milliseconds));
            string address = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = relay.Port, MaxPoolSize = Callers }.ToString();
            foreach (string operation in Operations)
            {
                List<double> own = [];
                List<double> other = [];
                for (int round = 0; round < rounds; round++)
                {
                    own.Add(await RunAsync(Environment.ProcessPath!, address, operation));
                    if (otherProgram is not null)
                    {
                        other.Add(await RunAsync(otherProgram, address, operation));
                    }
                }

                double[] ratios = [.. own.Zip(other, (a, b) => a / b).Order()];
                string ratio = ratios.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ratios[ratios.Length / 2]:0.00} ({string.Join(", ", ratios.Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))})");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {operation}, {milliseconds} ms a round trip more | {Median(own):N0} | {Median(other):N0} | {ratio} |"));
            }
        }
    }

    /// <summary>What a process does that <see cref="CompareAsync"/> starts: one operation, in tables of its own.</summary>
    public static async Task MeasureAsync(string address, string operation)
    {
        string prefix = $"b{Guid.NewGuid():N}"[..20] + "_";
        await using Side side = await Side.StartAsync(new PostgreSqlProduct(address, prefix), new Population(1, idsAreOrdered: true));
        const int Count = 100;
        StoredToken[] acting = [.. await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AddAsync(side.Store, Rows.New($"{caller}", ApiTokens.ManageScope))))];
        StoredToken[][] targets = operation is "revoke" or "delete"
            ? [.. await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AddManyAsync(side.Store, $"{caller}", Count)))]
            : [];
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AddManyAsync(side.Store, "warm", 20)));

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int number = 0; number < Count; number++)
            {
                TokenChange change = operation switch
                {
                    "issue" => new TokenChange.Issue(TimeProvider.System, Rows.New($"{caller}", ""), TokenActor.Host),
                    "issue-by-token" => new TokenChange.Issue(TimeProvider.System, Rows.New($"{caller}", ""), TokenActor.For(ApiToken.From(acting[caller]))),
                    "update" => new TokenChange.Update(TimeProvider.System, acting[caller], TokenActor.Host) { Name = $"{number}" },
                    "revoke" => new TokenChange.Revoke(TimeProvider.System, targets[caller][number].Id, Population.Realm, SubjectFilter.Any, TokenActor.Host),
                    _ => new TokenChange.Delete(TimeProvider.System, targets[caller][number].Id, Population.Realm, SubjectFilter.Any, TokenActor.Host),
                };
                CommitResult result = await side.Store.CommitAsync(change, CancellationToken.None);
                if (result.Outcome != CommitOutcome.Done)
                {
                    throw new InvalidOperationException($"{operation}: {result.Outcome}");
                }
            }
        })));
        Console.WriteLine((Callers * Count / watch.Elapsed.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (string table in (string[])["token", "change", "guard", "schema"])
        {
            await side.Product.ExecuteAsync($"DROP TABLE {prefix}{table}");
        }
    }

    private static async Task<double> RunAsync(string program, string address, string operation)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["changes-once", address, operation]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static async Task<StoredToken[]> AddManyAsync(ITokenStore store, string subject, int count)
    {
        List<StoredToken> rows = [];
        for (int number = 0; number < count; number++)
        {
            rows.Add(await AddAsync(store, Rows.New(subject, "")));
        }

        return [.. rows];
    }

    private static async Task<StoredToken> AddAsync(ITokenStore store, StoredToken row) =>
        (await store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row, TokenActor.Host), CancellationToken.None)).Token!;

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);
}
