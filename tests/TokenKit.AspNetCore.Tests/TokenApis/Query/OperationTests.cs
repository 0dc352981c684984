using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Recovery;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class OperationTests
{
    [TestMethod]
    public async Task List_OfOneToken_ShowsTheWholeRow()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        long before = query.Host.Clock.GetUtcNow().ToUnixTimeSeconds();
        await query.PostAsync("""{"name":"example","expiration_date":32503680000000,"active":true,"write":false}""");

        Answer answer = await query.SendAsync("GET");

        JsonElement row = answer.Json.GetProperty("data")[0];
        string token = row.Text("token")!;
        long createdAt = row.Number("created_at");
        Assert.AreEqual((200, null), (answer.Status, answer.ContentType));
        Assert.AreEqual(
            $$"""{"data":[{"id":{{row.Number("id")}},"name":"example","token":"{{token}}","expiration_date":32503680000000,"active":1,"write":0,"created_at":{{createdAt}},"updated_at":{{createdAt}}}]}""",
            answer.Text);
        Assert.IsTrue(createdAt >= before && createdAt <= before + 60);
        ApiToken used = ((VerificationResult.Valid)await query.Host.Tokens.VerifyAsync(QueryHost.Realm, token)).Token;
        Assert.AreEqual(("server", "", "read"), (used.Kind, used.Subject, used.Scopes.ToString()));
        Assert.AreEqual(query.Admin.Record.Id, used.IssuedBy);
    }

    [TestMethod]
    public async Task List_LongerThanAPage_ShowsAllInTheOrderOfInsertion()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        for (int i = 0; i <= TokenQuery.MaximumLimit; i++)
        {
            await query.Host.IssueAsync(new IssueRequest(QueryHost.Realm) { Name = $"{i}" });
        }

        JsonElement[] rows = await query.RowsAsync();

        CollectionAssert.AreEqual(Enumerable.Range(0, TokenQuery.MaximumLimit + 1).Select(i => $"{i}").ToArray(), rows.Select(row => row.Text("name")).ToArray());
        Assert.AreEqual(200, (await query.SendAsync("DELETE", "", $$"""{"name":"{{TokenQuery.MaximumLimit}}"}""")).Status);
        Assert.HasCount(TokenQuery.MaximumLimit, await query.RowsAsync());
    }

    [TestMethod]
    public async Task Update_WhereValuesRotate_ChangesTheValueAndNothingElse()
    {
        await using QueryHost query = await QueryHost.StartAsync(services =>
            services.AddTokenKit().AddQueryTokens(QueryHost.Realm, options => options.RotateValueOnUpdate = true));
        await query.PostAsync("""{"name":"n","expiration_date":32503680000}""");
        await query.PostAsync("""{"name":"later"}""");
        JsonElement created = (await query.RowsAsync())[0];
        query.Host.Clock.Advance(TimeSpan.FromMinutes(1));

        Answer answer = await query.PutAsync("""{"name":"n","write":false}""");

        Assert.AreEqual((200, ""), (answer.Status, answer.Text));
        JsonElement row = (await query.RowsAsync())[0];
        foreach (string column in new[] { "id", "name", "expiration_date", "active", "created_at" })
        {
            Assert.AreEqual(created.GetProperty(column).ToString(), row.GetProperty(column).ToString(), column);
        }

        string value = row.Text("token")!;
        Assert.AreEqual($$$"""{"data":[{"token":"{{{value}}}"}]}""", (await query.SendAsync("GET", "/value?name=n")).Text);
        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await query.Host.Tokens.VerifyAsync(QueryHost.Realm, created.Text("token")!));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await query.Host.Tokens.VerifyAsync(QueryHost.Realm, value));

        // Every PUT does it, also one that says nothing else; an unknown name is still unknown.
        await query.PutAsync("""{"name":"n"}""");
        Assert.AreNotEqual(value, (await query.RowsAsync())[0].Text("token"));
        Assert.AreEqual((400, "Query returned no rows"), ((await query.PutAsync("""{"name":"x"}""")) is var unknown ? (unknown.Status, unknown.Text) : default));
    }

    [TestMethod]
    public async Task Values_WhoseKeyIsLost_AreShownAsNull()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"a"}""");
        await query.PostAsync("""{"name":"b"}""");
        query.Set.Protector.HasLostItsKey = true;

        JsonElement[] rows = await query.RowsAsync();

        CollectionAssert.AreEqual(new string?[] { null, null }, rows.Select(row => row.Text("token")).ToArray());
        Assert.HasCount(1, query.Host.Logs.Lines.Where(line => line.Contains("2 recoverable copies in realm query cannot be read", StringComparison.Ordinal)));
        Assert.AreEqual("""{"data":[{"token":null}]}""", (await query.SendAsync("GET", "/value?name=a")).Text);
    }

    [TestMethod]
    public async Task Values_InAHostWithoutAProtector_AreKeptByDataProtection()
    {
        DirectoryInfo keys = Directory.CreateTempSubdirectory("tokenkit-keys-");
        try
        {
            await using QueryHost query = await QueryHost.StartAsync(services =>
            {
                foreach (ServiceDescriptor descriptor in services.Where(service => service.ServiceType == typeof(ITokenProtector)).ToArray())
                {
                    services.Remove(descriptor);
                }

                services.AddDataProtection().PersistKeysToFileSystem(keys);
                services.AddTokenKit().AddQueryTokens("another");
            });
            await query.PostAsync("""{"name":"n"}""");

            Assert.StartsWith("query_", (await query.RowAsync()).Text("token"));
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }
}
