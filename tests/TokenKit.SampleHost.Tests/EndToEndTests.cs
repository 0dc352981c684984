using System.Net;
using System.Text.Json;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed class EndToEndTests
{
    [TestMethod]
    public async Task Tokens_OverTheirWholeLife_DoWhatTheReferenceSays()
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string current = host.Credential(1001);
        using var client = new AccessTokensClient(host.Client(current));

        // Create and use.
        List<(string Id, string Plaintext)> created = [];
        for (int i = 0; i < 5; i++)
        {
            created.Insert(0, await client.CreateAsync($"Token {i}"));
        }

        Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(created[0].Plaintext));

        // List in pages of one while others insert.
        List<string> listed = [];
        using var inserting = new CancellationTokenSource();
        Task inserts = InsertAsync(host, inserting.Token);
        for (string? cursor = null; listed.Count == 0 || cursor is not null;)
        {
            JsonElement page = await client.ListAsync($"?limit=1{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
            Assert.IsLessThan(1000, listed.Count);
        }

        await inserting.CancelAsync();
        await inserts;
        string[] expected = [.. created.Select(token => token.Id)];
        CollectionAssert.AreEqual(expected, listed.Where(id => expected.Contains(id)).ToArray());
        Assert.AreEqual(listed.Count, listed.Distinct().Count());

        // Get, revoke, use again.
        JsonElement shown = await client.GetAsync(created[0].Id);
        Assert.AreEqual("Token 4", shown.GetProperty("name").GetString());
        Assert.AreEqual(JsonValueKind.String, shown.GetProperty("lastUsedAt").ValueKind);
        await client.RevokeAsync(created[0].Id);
        Assert.AreEqual(HttpStatusCode.Unauthorized, await host.UseAsync(created[0].Plaintext));
        Assert.AreEqual(JsonValueKind.String, (await client.GetAsync(created[0].Id)).GetProperty("revokedAt").ValueKind);

        // Revoke all but the current one, and nobody else's.
        Assert.IsGreaterThanOrEqualTo(4, await client.RevokeAllAsync());
        Assert.AreEqual(HttpStatusCode.Unauthorized, await host.UseAsync(created[1].Plaintext));
        Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(current));
        Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(host.Credential(1000)));
        Assert.AreEqual(1, (await client.ListAsync()).GetProperty("items").GetArrayLength());
    }

    [TestMethod]
    public async Task Revoke_InAnotherProcessOnTheSameFile_IsSeenByTheVeryNextRequest()
    {
        using var folder = new SampleFolder();
        await using SampleProcess first = await SampleProcess.StartAsync(folder, "first.json");
        using var client = new AccessTokensClient(first.Client(first.Credential(1000)));
        (string Id, string Plaintext)[] tokens = [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(i => client.CreateAsync($"{i}")))];
        await using SampleProcess second = await SampleProcess.StartAsync(folder, "second.json");
        using var secondClient = new AccessTokensClient(second.Client(second.Credential(1000)));

        foreach ((string id, string plaintext) in tokens)
        {
            Assert.AreEqual(HttpStatusCode.OK, await first.UseAsync(plaintext));
            Assert.AreEqual(HttpStatusCode.OK, await second.UseAsync(plaintext));
            await secondClient.RevokeAsync(id);
            Assert.AreEqual(HttpStatusCode.Unauthorized, await first.UseAsync(plaintext));
        }
    }

    [TestMethod]
    public async Task Hasher_ChangedAndChangedBack_KeepsTokensGood()
    {
        using var folder = new SampleFolder();
        string? kept = null;
        foreach (string[] setting in new string[][] { ["--hasher", "konscious"], [], ["--hasher", "konscious"] })
        {
            await using SampleProcess host = await SampleProcess.StartAsync(folder, more: setting);
            Assert.Contains(setting.Length > 0 ? "computed by Argon2id of Konscious.Security.Cryptography.Argon2." : "computed by Argon2id of TokenKit.", host.Output);
            using var client = new AccessTokensClient(host.Client(host.Credential(1001)));
            (_, string plaintext) = await client.CreateAsync("Kept");

            Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(plaintext));
            Assert.AreEqual(HttpStatusCode.OK, await host.UseAsync(kept ?? plaintext));
            kept = plaintext;
        }
    }

    private static async Task InsertAsync(SampleProcess host, CancellationToken stop)
    {
        using var client = new AccessTokensClient(host.Client(host.Credential(1001)));
        for (int i = 0; i < 50 && !stop.IsCancellationRequested; i++)
        {
            await client.CreateAsync($"Other {i}");
        }
    }
}
