using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Whatever is sent to a set, it answers in its dialect: no failure, no silence, no other tongue.</summary>
[TestClass]
public sealed partial class MutationTests
{
    private const int Hosts = 100;
    private const int RequestsPerHost = 200;
    private const string Outside = "X-Outside";

    // Another seed tries other requests: TOKENKIT_SEED=random, or the one that a failure has printed.
    private static readonly int Seed = Environment.GetEnvironmentVariable("TOKENKIT_SEED") switch
    {
        null or "" => 20260601,
        "random" => Environment.TickCount,
        var seed => int.Parse(seed, CultureInfo.InvariantCulture),
    };

    public static IEnumerable<object[]> Sets => TraceSet.All.Select(static set => new object[] { set.Name });

    [TestMethod]
    [DynamicData(nameof(Sets))]
    public async Task Requests_Mutated20000Times_AreAnsweredInTheDialect(string name)
    {
        var set = TraceSet.Of(name);
        IEnumerable<TraceStep> steps = TraceCase.ReadAll(name).SelectMany(static trace => trace.Steps);
        string[] requests = [.. steps.Select(static step => step.Request).Where(static request => request.Length > 0)];
        HashSet<string> named = [.. requests.SelectMany(NamesIn)];
        string[] given = [.. set.Given.Keys.Where(key => named.Contains(key) || named.Contains(key + "-id"))];
        TraceSet marked = set with
        {
            Services = (services, clock) =>
            {
                set.Services(services, clock);
                services.AddSingleton<IStartupFilter, MarkWhatIsOutside>();
            },
        };
        var statuses = new SortedDictionary<int, int>();
        for (int i = 0; i < Hosts; i++)
        {
            // A new host, so that there are few tokens, and those of the callers not all deleted.
            await using TraceHost host = await TraceHost.StartAsync(marked, given);
            await MutateAsync(host, set, requests, new Random(Seed + i), statuses);
        }

        Console.WriteLine($"{set}, seed {Seed}: {string.Join(' ', statuses)}");

        // Mutations that are refused before they reach anything would prove nothing.
        int served = statuses.Where(static status => status.Key is >= 200 and < 300).Sum(static status => status.Value);
        int refused = statuses.Where(static status => status.Key is >= 400 and not (401 or 404)).Sum(static status => status.Value);
        Assert.IsGreaterThan(Hosts * RequestsPerHost / 20, served);
        Assert.IsGreaterThan(Hosts * RequestsPerHost / 20, refused);
    }

    private static async Task MutateAsync(TraceHost host, TraceSet set, string[] requests, Random random, SortedDictionary<int, int> statuses)
    {
        var mutator = new RequestMutator(random);
        RawConnection? kept = null;
        try
        {
            for (int i = 0; i < RequestsPerHost; i++)
            {
                (string bytes, bool isHttp) = mutator.Mutate(Fill(requests[random.Next(requests.Length)], host.Values, random));
                kept ??= await RawConnection.OpenAsync(host.Set.Host.Address);
                RawConnection connection = isHttp ? kept : await RawConnection.OpenAsync(host.Set.Host.Address);
                string? fault;
                RawResponse? answer = null;
                try
                {
                    answer = await ExchangeAsync(connection, bytes, isHttp);
                    fault = FaultOf(set, answer, isHttp);
                }
                catch (IOException exception) when (!isHttp)
                {
                    fault = null;
                    GC.KeepAlive(exception);
                }
                catch (Exception exception) when (exception is IOException or TimeoutException or FormatException)
                {
                    fault = exception.Message;
                }

                if (fault is not null)
                {
                    string? logged = host.Set.Host.Logs.Lines.LastOrDefault(static line => line.Contains(" Error: ", StringComparison.Ordinal));
                    string exchange = $"--- sent\n{Printable(bytes)}\n--- came\n{answer}\n--- logged\n{logged}\n---";
                    Assert.Fail($"{set}, seed {Seed}, request {i}: {fault}\n{exchange}");
                }

                statuses[answer?.Status ?? 0] = statuses.GetValueOrDefault(answer?.Status ?? 0) + 1;
                if (!isHttp)
                {
                    connection.Dispose();
                }
                else if (answer!.Header("Connection") == "close" || answer.Header("Transfer-Encoding") is not null)
                {
                    kept.Dispose();
                    kept = null;
                }
            }
        }
        finally
        {
            kept?.Dispose();
        }
    }

    // Of an answer that does not end, the first line is enough.
    private static async Task<RawResponse?> ExchangeAsync(RawConnection connection, string bytes, bool isHttp)
    {
        await connection.SendAsync(bytes);
        if (!isHttp)
        {
            connection.EndSending();
        }

        RawResponse? head = await connection.ReadHeadAsync();
        return head is null ? null
            : IsStream(head) && head.Header("Transfer-Encoding") is not null ? head with { Body = await connection.ReadLineAsync() ?? "" }
            : FirstLineOfStream(await connection.ReadBodyAsync(head, hasBody: !bytes.StartsWith("HEAD ", StringComparison.Ordinal)));
    }

    // HTTP/1.0 knows no chunks: what does not say its length there ends with the connection.
    private static RawResponse FirstLineOfStream(RawResponse answer) =>
        IsStream(answer) ? answer with { Body = answer.Body.Split('\n')[0] } : answer;

    // A long list has no length either, but it ends.
    private static bool IsStream(RawResponse answer) => answer.Header("Cache-Control") == "no-cache";

    private static string? FaultOf(TraceSet set, RawResponse? answer, bool isHttp) =>
        answer is null ? (isHttp ? "No answer came." : null)
        : answer.Status is 500 or 503 ? "It failed."
        : answer.Header(Outside) is not null ? null
        : set.Dialect(answer) is not { } fault ? null
        : !isHttp && IsOfTheServer(answer) ? null
        : fault;

    // What the server says of bytes that are no HTTP, before any of our code sees them.
    private static bool IsOfTheServer(RawResponse answer) =>
        answer is { Status: 400 or 405 or 408 or 411 or 413 or 414 or 431 or 501 or 505, Body: "" } && answer.Header("Cache-Control") is null;

    // What the case would have taken from a response is any value here.
    private static string Fill(string request, Dictionary<string, string> values, Random random)
    {
        string[] all = [.. values.Values];
        var filled = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (string name in NamesIn(request))
        {
            filled.TryAdd(name, all[random.Next(all.Length)]);
        }

        string bytes = Placeholders.Fill(request, filled);
        return bytes.Contains("\r\n\r\n", StringComparison.Ordinal) ? bytes : bytes.TrimEnd('\r', '\n') + "\r\n\r\n";
    }

    private static IEnumerable<string> NamesIn(string request) => Placeholder().Matches(request).Select(static match => match.Groups[1].Value);

    private static string Printable(string bytes) => JsonSerializer.Serialize(bytes.Length > 3_000 ? bytes[..3_000] + "…" : bytes);

    [GeneratedRegex(@"\{\{([a-z][a-z0-9-]*)\}\}", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Placeholder();

    /// <summary>Marks answers that are none of the set's: those to paths that are not below it.</summary>
    private sealed class MarkWhatIsOutside : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static rest => context =>
            {
                context.Response.OnStarting(() =>
                {
                    IReadOnlyList<IAuthorizeData>? rules = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>();
                    if (rules?.Any(static rule => rule.Policy == TokenApiDefaults.PolicyName) is not true)
                    {
                        context.Response.Headers[Outside] = "1";
                    }

                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
