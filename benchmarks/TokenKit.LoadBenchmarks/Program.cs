using System.Globalization;
using TokenKit.LoadBenchmarks;
using TokenKit.LoadBenchmarks.Hosting;

if (args is ["serve", var what, .. var rest])
{
    switch (what, rest)
    {
        case ("macro", [var folder, var postgreSql]):
            await MacroHosts.RunAsync(folder, postgreSql.Length == 0 ? null : postgreSql);
            return 0;
        case ("tokens", [var file, var keyRing]):
            await TokenHosts.RunAsync(file, bool.Parse(keyRing));
            return 0;
        case (CrowdHosts.Name, [var file, var revocations]):
            await CrowdHosts.RunAsync(file, int.Parse(revocations, CultureInfo.InvariantCulture));
            return 0;
        case ("lists", [var file]):
            await ListHosts.RunAsync(file);
            return 0;
        case ("node", [var postgreSql, var delay]):
            await NodeHosts.RunAsync(postgreSql, TimeSpan.FromSeconds(double.Parse(delay, CultureInfo.InvariantCulture)));
            return 0;
    }
}

bool quick = args.Contains("--quick");
string[] words = [.. args.Where(argument => !argument.StartsWith('-'))];
string[] only = [.. args.Where(argument => argument.StartsWith("--only=", StringComparison.Ordinal)).Select(argument => argument[7..])];
string? against = Said("against");
var scale = new Scale(quick, only, Number("rounds"), Number("blocks"));
Figures.PrintMachine();
switch (words)
{
    case ["macro"] when against is not null:
        await Builds.CompareAsync(scale, against);
        return 0;
    case ["macro"]:
        await Macro.RunAsync(scale);
        return 0;
    case ["cold-start"]:
        await ColdStart.RunAsync(scale);
        return 0;
    case ["flood"]:
        await Flood.RunAsync(scale);
        return 0;
    case ["crowd"]:
        await Crowd.RunAsync(scale);
        return 0;
    case ["lists"]:
        await Lists.RunAsync(scale);
        return 0;
    case ["streams"]:
        await Streams.RunAsync(scale);
        return 0;
    case ["revocations"]:
        await Revocations.RunAsync(scale);
        return 0;
    default:
        await Console.Error.WriteLineAsync("""
            Measures TokenKit in a host under load, over the loopback interface. It prints Markdown tables.

                TokenKit.LoadBenchmarks macro        authentication handlers beside each other: CPU, latency, bytes
                TokenKit.LoadBenchmarks cold-start   every token once, right after the start
                TokenKit.LoadBenchmarks flood        genuine load beside a flood of forged tokens
                TokenKit.LoadBenchmarks crowd        one user's revocations beside another's changes on 2,000 connections
                TokenKit.LoadBenchmarks lists        24 readers at once of lists of 50,000 tokens: the server's memory
                TokenKit.LoadBenchmarks streams      streams beside a user with 20,000 tokens
                TokenKit.LoadBenchmarks revocations  two nodes on one PostgreSQL while tokens are revoked

                --quick        as little as shows that it works
                --rounds=N     how many rounds the contenders of "macro" are driven; with --against, in each block
                --against=P    compare this build with the one whose program is P, contender by contender
                --blocks=N     how often --against starts the servers of both builds anew
                --only=A       only contenders whose name begins with A; may be said several times
            """);
        return 2;
}

string? Said(string option) => args.FirstOrDefault(argument => argument.StartsWith($"--{option}=", StringComparison.Ordinal))?[(option.Length + 3)..];

int? Number(string option) => Said(option) is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null;
