using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>Another process that works on the same database: this assembly, started again.</summary>
internal static class Worker
{
    public static async Task<int> Main(string[] args)
    {
        (string work, string address) = (args[0], args[1]);
        if (work == "start")
        {
            Console.WriteLine(await StartAsync(address, args[2]));
            return 0;
        }

        using IHost node = BuildNode(address);
        ITokenStore store = node.Services.GetRequiredService<ITokenStore>();

        // Ready; the test lets every worker go at the same moment.
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        switch (work)
        {
            case "migrate":
                await node.Services.GetRequiredService<TokenKitSchema>().MigrateAsync();
                return 0;
            case "issue":
                await IssueAsync(store, args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
                return 0;
            case "verify":
                await VerifyAsync(node.Services.GetRequiredService<ApiTokens>());
                return 0;
            case "purge":
                await PurgeAsync(store, int.Parse(args[2], CultureInfo.InvariantCulture));
                return 0;
            case "issue-until-killed":
                await IssueUntilKilledAsync(store);
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>A node of its own in this process.</summary>
    public static async Task<IHost> StartNodeAsync(string address)
    {
        IHost node = BuildNode(address);
        await node.StartAsync();
        return node;
    }

    /// <summary>Whether a host starts in a process that is not as it should be.</summary>
    private static async Task<string> StartAsync(string address, string fault)
    {
        if (fault == "no rewriting")
        {
            AppContext.SetSwitch("Npgsql.EnableSqlRewriting", isEnabled: false);
        }
        else if (fault == "old SQLite")
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, static (_, _, _) => NativeLibrary.Load("libsqlite3.so.0"));
        }

        try
        {
            using IHost node = await StartNodeAsync(address);
            await node.StopAsync();
            return "started";
        }
        catch (Exception exception) when (exception is TokenStoreException or InvalidOperationException)
        {
            return exception.Message;
        }
    }

    /// <summary>Starts the process.</summary>
    public static Process Start(params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(Worker).Assembly.Location);
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits until the processes are ready, and lets them go together.</summary>
    public static async Task ReleaseAsync(params IReadOnlyList<Process> workers)
    {
        foreach (Process worker in workers)
        {
            Assert.AreEqual("ready", await worker.StandardOutput.ReadLineAsync());
        }

        foreach (Process worker in workers)
        {
            await worker.StandardInput.WriteLineAsync();
        }
    }

    /// <summary>
    /// Repeats what SQLite's lock did not let through, as callers should: it keeps no queue between processes, so that on a machine that is busy
    /// enough a writer can lose the race for it for 5 seconds.
    /// </summary>
    public static async Task<T> RepeatAsync<T>(Func<ValueTask<T>> write)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (TokenStoreException busy) when (busy.Message.Contains("for 5 seconds", StringComparison.Ordinal))
            {
                await Console.Error.WriteLineAsync(busy.Message);
            }
        }
    }

    // A file is SQLite's; everything else is a connection string, whose search path is the schema.
    private static IHost BuildNode(string address)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        TokenKitBuilder tokenKit = builder.Services.AddLogging().AddTokenKit().AddRealm("api", realm => realm.Prefix = "acme");
        if (Path.IsPathRooted(address))
        {
            tokenKit.UseSqlite(SqliteDatabase.SourceOf(address));
        }
        else
        {
            string schema = new NpgsqlConnectionStringBuilder(address).SearchPath!;
            tokenKit.UsePostgreSql(NpgsqlDataSource.Create(address), options => options.SchemaName = schema);
        }

        return builder.Build();
    }

    // One line per plaintext: Valid, or why it is refused.
    private static async Task VerifyAsync(ApiTokens tokens)
    {
        while (await Console.In.ReadLineAsync() is { } plaintext)
        {
            VerificationResult result = await tokens.VerifyAsync("api", plaintext);
            Console.WriteLine(result is VerificationResult.Refused refused ? $"{refused.Reason}" : result.GetType().Name);
        }
    }

    // One line per batch: how many tokens it removed.
    private static async Task PurgeAsync(ITokenStore store, int limit)
    {
        int removed;
        do
        {
            removed = await store.CommitBatchAsync(Tokens.Purge(Tokens.Now, limit), CancellationToken.None);
            Console.WriteLine(removed);
        }
        while (removed == limit);
    }

    // One line per name: what became of it. Four threads, so that writers meet inside the process and between processes.
    private static async Task IssueAsync(ITokenStore store, string subject, int names, int limit)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, names), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            TokenChange.Issue issue = Tokens.Issue(Tokens.Row(subject, $"name {number}"), limit);
            CommitResult result = await CommitAsync(store, issue);
            Console.WriteLine(result.Outcome);
        });
    }

    // It ends by itself should the test that is to kill it die first.
    private static async Task IssueUntilKilledAsync(ITokenStore store)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(1);)
        {
            TokenChange.Issue issue = Tokens.Issue(Tokens.Row(), limit: int.MaxValue);
            await CommitAsync(store, issue);
            Console.WriteLine(issue.Token.Id);
        }
    }

    private static Task<CommitResult> CommitAsync(ITokenStore store, TokenChange change) =>
        RepeatAsync(() => store.CommitAsync(change, CancellationToken.None));
}
