using System.Diagnostics;
using TokenKit.Hashing.Argon2;
using TokenKit.Tests.Hashing;
using TokenKit.Tests.Hashing.Argon2;
using TokenKit.Tests.Verification;

namespace TokenKit.Tests;

/// <summary>This assembly, started again: for what a switch of the runtime decides, and for what concerns the whole process and the tests beside it would disturb.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    public static int Main(string[] args)
    {
        Action work = args switch
        {
            ["mixing", string expected] => () => MixingPathTests.Work(Enum.Parse<BlockMixing>(expected)),
            ["starved"] => StarvationTests.Work,
            ["allocation"] => AllocationTests.Work,
            ["growth"] => MemoryGrowthTests.Work,
            ["verification"] => VerificationAllocationTests.Work,
            _ => throw new ArgumentException("There is no such work.", nameof(args)),
        };
        try
        {
            work();
            return 0;
        }
        catch (Exception exception)
        {
            Console.WriteLine(exception);
            return 1;
        }
    }

    /// <summary>Runs work in a process of its own and fails with what it wrote if it fails.</summary>
    /// <param name="work">The arguments.</param>
    /// <param name="runtimeSwitch">A variable of the environment that is set to zero.</param>
    public static async Task RunAsync(string[] work, string? runtimeSwitch = null)
    {
        string host = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
        var start = new ProcessStartInfo(host, [typeof(ChildProcess).Assembly.Location, .. work]) { RedirectStandardOutput = true };
        if (runtimeSwitch is not null)
        {
            start.Environment[runtimeSwitch] = "0";
        }

        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.AreEqual(0, process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"The process did not end within {TimeLimit}.");
        }
    }
}
