using Microsoft.Extensions.Logging;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A store that is too busy for a change says when to come back, and logs that itself.</summary>
[TestClass]
public sealed class BusyStoreTests
{
    public static IEnumerable<object[]> Creations => SetOperation.Creations.Select(static operation => new object[] { operation.ToString() });

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task Create_WhileTooManyWritersWait_SaysWhenToComeBackAndLogsNothing(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(operation);
        host.Host.Store.BeforeCommit = static () => throw new TokenStoreException("Too many writers wait.") { RetryAfter = TimeSpan.FromSeconds(6.5) };
        host.Host.Logs.Clear();

        RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext);

        Assert.AreEqual((503, "7"), (answer.Status, answer.Header("Retry-After")));
        Assert.IsFalse(host.Host.Logs.GetSnapshot().Any(static line => line.Level >= LogLevel.Warning && line.Category!.StartsWith("TokenKit", StringComparison.Ordinal)));
    }
}
