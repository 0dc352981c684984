using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>A host of Canvus' token API over SQLite on a slow disk. It times the deletions that a quiet user asks for.</summary>
internal static class CrowdHosts
{
    public const string Name = "crowd";
    public const string Realm = "canvus";
    public const string Loud = "1001";
    public const string Quiet = "1002";

    public static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(4);

    public static async Task RunAsync(string file, int revocations)
    {
        await using var hosts = new ServedHosts();
        var times = new ConcurrentQueue<double>();
        using var log = new CountingLog();
        WebApplication host = await hosts.StartAsync(
            Name,
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Information));
                AddTo(services, file);
            },
            host =>
            {
                host.Use((context, next) => TimeAsync(context, next, times));
                host.MapCanvusTokens(Realm);
                host.MapGet("/figures", () => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Statistics.Percentile(times, 0.5)} {Statistics.Percentile(times, 0.99)} {Statistics.Percentile(times, 1)} {times.Count} {log.Lines}"));
            });
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        hosts.Offer(host, Name, [.. await IssueAsync(tokens, Loud, 1), .. await IssueAsync(tokens, Quiet, revocations)]);
        log.Clear();
        await hosts.ServeAsync();
    }

    public static TokenKitBuilder AddTo(IServiceCollection services, string file)
    {
        services.AddSingleton<ISecretHasher, QuickHasher>();
        return services.AddTokenKit().AddCanvusTokens(Realm).UseSqlite(new SlowCommits(file, CommitDelay), store => store.MigrateAtStart = true);
    }

    /// <summary>The plaintext of a token that manages a subject's others, and the ids of those.</summary>
    private static async Task<List<string>> IssueAsync(ApiTokens tokens, string subject, int count)
    {
        List<string> issued = [];
        for (int number = 0; number <= count; number++)
        {
            var one = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(Realm) { Subject = subject, Name = "one" });
            issued.Add(number == 0 ? one.Plaintext.Reveal() : TokenIdText.Write(one.Token.Id));
        }

        return issued;
    }

    private static async Task TimeAsync(HttpContext context, RequestDelegate next, ConcurrentQueue<double> times)
    {
        long start = Stopwatch.GetTimestamp();
        await next(context);
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            times.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private sealed class CountingLog : ILoggerProvider, ILogger
    {
        private int _lines;

        public int Lines => Volatile.Read(ref _lines);

        public void Clear() => Volatile.Write(ref _lines, 0);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _lines);

        public void Dispose()
        {
        }
    }
}
