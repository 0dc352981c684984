using System.Diagnostics;

namespace TokenKit.SampleHost.Tests.Hosting;

/// <summary>What a program said.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors);

/// <summary>Programs of the machine that tests run as child processes, where they are there.</summary>
internal static class ChildPrograms
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<string> BashAsync() =>
        DemandAsync("TOKENKIT_REQUIRE_CURL", "bash with curl and jq", ["/bin/bash"], "-c", "curl --version && jq --version");

    // Debian's requests belongs to Debian's Python, which need not be the first on the path.
    public static Task<string> PythonAsync() =>
        DemandAsync("TOKENKIT_REQUIRE_PYTHON", "a Python 3 with requests", ["python3", "/usr/bin/python3"], "-c", "import requests");

    public static Task<string> NodeAsync() => DemandAsync("TOKENKIT_REQUIRE_NODE", "a Node.js with fetch", ["node"], "--eval", "fetch");

    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end.");
        }

        return new ProgramRun(process.ExitCode, await output, await errors);
    }

    /// <summary>The first of some programs that passes a test; without one the test is skipped, or fails where it is demanded.</summary>
    private static async Task<string> DemandAsync(string variable, string what, string[] programs, params string[] test)
    {
        foreach (string program in programs)
        {
            try
            {
                if ((await RunAsync(program, test)).ExitCode == 0)
                {
                    return program;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // It is not there.
            }
        }

        if (Environment.GetEnvironmentVariable(variable) == "1")
        {
            Assert.Fail($"{what} is demanded by {variable}, and is missing.");
        }

        Assert.Inconclusive($"{what} is not on this machine.");
        return "";
    }
}
