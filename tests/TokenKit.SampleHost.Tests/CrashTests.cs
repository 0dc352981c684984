using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed class CrashTests
{
    [TestMethod]
    public async Task Kill_BetweenAnyTwoRequests_LosesNothingThatWasAnswered()
    {
        using var folder = new SampleFolder();
        SampleProcess host = await SampleProcess.StartAsync(folder);
        try
        {
            // Created: it is there and can be used.
            (string id, string plaintext) = await WithClientAsync(host, client => client.CreateAsync("Survivor"));
            (string doomedId, string doomed) = await WithClientAsync(host, client => client.CreateAsync("Doomed"));
            host = await RestartAsync(host, folder);
            Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(plaintext));
            Assert.AreEqual("Survivor", await WithClientAsync(host, async client => (await client.GetAsync(id)).GetProperty("name").GetString()));

            // Revoked: it stays revoked.
            await WithClientAsync(host, async client =>
            {
                await client.RevokeAsync(doomedId);
                return 0;
            });
            host = await RestartAsync(host, folder);
            Assert.AreEqual(HttpStatusCode.Unauthorized, await host.UseAsync(doomed));
            Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(plaintext));

            // All revoked: they stay revoked.
            Assert.IsGreaterThanOrEqualTo(1, await WithClientAsync(host, client => client.RevokeAllAsync()));
            host = await RestartAsync(host, folder);
            Assert.AreEqual(HttpStatusCode.Unauthorized, await host.UseAsync(plaintext));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task Kill_WhileRequestsRun_LosesNothingThatWasAnswered()
    {
        using var folder = new SampleFolder();
        SampleProcess host = await SampleProcess.StartAsync(folder);
        try
        {
            ConcurrentQueue<string> answered = [];
            for (int round = 1; round <= 3; round++)
            {
                Task[] creating = [.. Enumerable.Range(0, 4).Select(_ => CreateUntilItEndsAsync(host, answered))];
                for (var waited = Stopwatch.StartNew(); answered.Count < 10 * round; await Task.Delay(5))
                {
                    Assert.IsLessThan(TimeSpan.FromSeconds(60), waited.Elapsed);
                }

                await host.KillAsync();
                await Task.WhenAll(creating);
                host = await RestartAsync(host, folder);
            }

            foreach (string plaintext in answered)
            {
                Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(plaintext));
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static async Task<SampleProcess> RestartAsync(SampleProcess host, SampleFolder folder)
    {
        await host.KillAsync();
        await host.DisposeAsync();
        return await SampleProcess.StartAsync(folder);
    }

    private static async Task<T> WithClientAsync<T>(SampleProcess host, Func<AccessTokensClient, Task<T>> work)
    {
        using var client = new AccessTokensClient(host.Client(host.Credential(1000)));
        return await work(client);
    }

    private static async Task CreateUntilItEndsAsync(SampleProcess host, ConcurrentQueue<string> answered)
    {
        try
        {
            using var client = new AccessTokensClient(host.Client(host.Credential(1000)));
            for (int i = 0; i < 1000; i++)
            {
                answered.Enqueue((await client.CreateAsync("Survivor")).Plaintext);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The host was killed; what it did not answer is not promised.
        }
    }
}
