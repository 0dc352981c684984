using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Hashing;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Diagnostics;

[TestClass]
public sealed class HealthCheckTests
{
    [TestMethod]
    public async Task Health_EverythingWell_IsHealthyAndSaysWhatItSaw()
    {
        await using TestHost host = await StartAsync();
        host.Store.Status = new StoreStatus(IsUsable: true, "The schema is version 1.", SchemaVersion: 1);

        (HttpStatusCode status, string text) = await AskAsync(host);

        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.AreEqual(
            "tokenkit Healthy 'The schema is version 1.' [ready] hashes_allowed=1 hashes_may_wait=4 hashes_running=0 hashes_waiting=0 schema_version=1 store_reachable=True no exception",
            text);
    }

    [TestMethod]
    public async Task Health_StoreDown_IsUnhealthyAndSaysWhyInTheLogOnly()
    {
        await using TestHost host = await StartAsync();
        host.Store.IsDown = true;

        (HttpStatusCode status, string text) = await AskAsync(host);

        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("tokenkit Unhealthy 'The store cannot be reached.'", text);
        Assert.EndsWith("store_reachable=False no exception", text);
        Assert.IsTrue(host.Logs.Lines.Any(line => line.StartsWith("106 ", StringComparison.Ordinal) && line.Contains(" Warning: ", StringComparison.Ordinal)));

        host.Store.IsDown = false;
        Assert.AreEqual(HttpStatusCode.OK, (await AskAsync(host)).Status);
    }

    [TestMethod]
    public async Task Health_WrongSchema_HasTheFailureStatusThatWasAskedFor()
    {
        await using TestHost host = await StartAsync(HealthStatus.Degraded);
        host.Store.Status = new StoreStatus(IsUsable: false, "The schema is version 2.", SchemaVersion: 2);

        (HttpStatusCode status, string text) = await AskAsync(host);

        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.StartsWith("tokenkit Degraded 'The schema is version 2.'", text);
        Assert.Contains("schema_version=2 store_reachable=True", text);
    }

    [TestMethod]
    public async Task Health_StoreUsableButDegraded_IsDegradedAndNeverTheFailureStatus()
    {
        await using TestHost host = await StartAsync(HealthStatus.Unhealthy);
        host.Store.Status = new StoreStatus(IsUsable: true, "The schema is version 3.", SchemaVersion: 3) { IsDegraded = true };

        (HttpStatusCode status, string text) = await AskAsync(host);

        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.StartsWith("tokenkit Degraded 'The schema is version 3.'", text);
        Assert.Contains("schema_version=3 store_reachable=True", text);
    }

    [TestMethod]
    public async Task Health_GateFull_IsDegradedUntilItIsNot()
    {
        using var hasher = new HeldHasher();
        hasher.Hold();
        await using TestHost host = await StartAsync(hasher: hasher);
        Task<IssueResult>[] issuing = [.. Enumerable.Range(0, 3).Select(i => host.Tokens.IssueAsync(new IssueRequest("api") { Subject = $"{i}" }))];
        Assert.StartsWith("tokenkit Healthy", (await AskAsync(host)).Text);

        issuing = [.. issuing, host.Tokens.IssueAsync(new IssueRequest("api") { Subject = "3" })];
        (HttpStatusCode status, string text) = await AskAsync(host);
        hasher.Release();

        Assert.AreEqual(HttpStatusCode.OK, status);
        Assert.StartsWith("tokenkit Degraded 'The gate is full", text);
        Assert.Contains("hashes_running=1 hashes_waiting=3", text);
        Assert.IsTrue((await Task.WhenAll(issuing)).All(result => result is IssueResult.Issued));
        Assert.StartsWith("tokenkit Healthy", (await AskAsync(host)).Text);
    }

    private static Task<TestHost> StartAsync(HealthStatus? failureStatus = null, ISecretHasher? hasher = null) => TestHost.StartAsync(
        services =>
        {
            services.Configure<HashingOptions>(options => (options.MaximumConcurrency, options.QueueLimit) = (1, 4));
            services.AddHealthChecks().AddTokenKit(failureStatus: failureStatus, tags: ["ready"]);
            if (hasher is not null)
            {
                services.AddSingleton(hasher);
            }
        },
        app => app.MapHealthChecks("/healthz", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(string.Join('\n', report.Entries.Select(entry =>
                $"{entry.Key} {entry.Value.Status} '{entry.Value.Description}' [{string.Join(' ', entry.Value.Tags)}] "
                + string.Join(' ', entry.Value.Data.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))
                + (entry.Value.Exception is null ? " no exception" : $" {entry.Value.Exception}")))),
        }));

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(TestHost host)
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/healthz");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
