using System.Diagnostics;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed class AotSampleTests
{
    [TestMethod]
    [Timeout(60_000)]
    public async Task AotSample_Run_GetsTheRightAnswers()
    {
        using Process sample = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "TokenKit.AotSample.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = sample.StandardError.ReadToEndAsync();
        string output = await sample.StandardOutput.ReadToEndAsync();
        await sample.WaitForExitAsync();

        Assert.AreEqual(0, sample.ExitCode, $"{output}{await errors}");
        Assert.Contains("without a token 401, with one 200, revoked 401", output);
    }
}
