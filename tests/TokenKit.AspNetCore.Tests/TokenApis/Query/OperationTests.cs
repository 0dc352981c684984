using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Recovery;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class OperationTests
{
    [TestMethod]
    public async Task Create_ByAnAdministrator_Answers201WithNothing()
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.PostAsync("""{"name":"example","active":true,"write":true}""");

        Assert.AreEqual((201, "", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.AreEqual("no-store", answer.Header("Cache-Control"));
        Assert.AreEqual(2, await query.Set.CountAsync(QueryHost.Realm));
    }

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
    public async Task List_WithoutServerTokens_IsEmpty()
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Assert.AreEqual("""{"data":[]}""", (await query.SendAsync("GET")).Text);
    }

    [TestMethod]
    public async Task List_LongerThanAPage_ShowsAllInTheOrderOfInsertion()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        for (int i = 0; i <= TokenQuery.MaximumLimit; i++)
        {
            await query.Set.IssueAsync(new IssueRequest(QueryHost.Realm) { Name = $"{i}" });
        }

        JsonElement[] rows = await query.RowsAsync();

        CollectionAssert.AreEqual(Enumerable.Range(0, TokenQuery.MaximumLimit + 1).Select(i => $"{i}").ToArray(), rows.Select(row => row.Text("name")).ToArray());
        Assert.AreEqual(200, (await query.SendAsync("DELETE", "", $$"""{"name":"{{TokenQuery.MaximumLimit}}"}""")).Status);
        Assert.HasCount(TokenQuery.MaximumLimit, await query.RowsAsync());
    }

    [TestMethod]
    public async Task Create_OfANameThatIsTaken_Answers201AndChangesNothing()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"example"}""");
        string before = (await query.SendAsync("GET")).Text;

        Answer again = await query.PostAsync("""{"name":"example","active":false,"write":false,"expiration_date":32503680000}""");

        Assert.AreEqual((201, ""), (again.Status, again.Text));
        Assert.AreEqual(before, (await query.SendAsync("GET")).Text);
    }

    [TestMethod]
    [DataRow("", 1, 1)]
    [DataRow(",\"active\":null,\"write\":null", 1, 1)]
    [DataRow(",\"active\":false", 0, 1)]
    [DataRow(",\"write\":false", 1, 0)]
    [DataRow(",\"active\":false,\"write\":false", 0, 0)]
    public async Task Create_WithFlags_SaysWhatTheTokenMayDo(string flags, int active, int write)
    {
        await using QueryHost query = await QueryHost.StartAsync();

        await query.PostAsync($$"""{"name":"n"{{flags}}}""");

        JsonElement row = await query.RowAsync();
        Assert.AreEqual((active, write), (row.Number("active"), row.Number("write")));
        VerificationResult use = await query.Host.Tokens.VerifyAsync(QueryHost.Realm, row.Text("token")!);
        if (active == 0)
        {
            Assert.AreEqual(RefusalReason.Suspended, ((VerificationResult.Refused)use).Reason);
        }
        else
        {
            Assert.AreEqual(write == 1, ((VerificationResult.Valid)use).Token.Scopes.Contains(QueryTokensDefaults.WriteScope));
        }
    }

    [TestMethod]
    public async Task Update_WhereValuesRotate_ChangesTheValueAndNothingElse()
    {
        await using QueryHost query = await QueryHost.StartAsync(services =>
            services.AddTokenKit().AddQueryTokens(QueryHost.Realm, options => options.RotateValueOnUpdate = true));
        await query.PostAsync("""{"name":"n","expiration_date":32503680000}""");
        await query.PostAsync("""{"name":"later"}""");
        JsonElement created = (await query.RowsAsync())[0];
        query.Host.Clock.Ahead = TimeSpan.FromMinutes(1);

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
    public async Task Update_OfOneField_KeepsTheOthersAndTheValue()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n","expiration_date":32503680000}""");
        JsonElement created = await query.RowAsync();
        query.Host.Clock.Ahead = TimeSpan.FromMinutes(1);

        Answer first = await query.PutAsync("""{"name":"n","active":false}""");
        Answer second = await query.PutAsync("""{"name":"n","write":false,"active":null,"expiration_date":null}""");

        Assert.AreEqual((200, "", null), (first.Status, first.Text, first.ContentType));
        Assert.AreEqual(200, second.Status);
        JsonElement row = await query.RowAsync();
        Assert.AreEqual((0, 0, 32503680000), (row.Number("active"), row.Number("write"), row.Number("expiration_date")));
        Assert.AreEqual((created.Number("id"), created.Text("token"), created.Number("created_at")), (row.Number("id"), row.Text("token"), row.Number("created_at")));
        Assert.IsGreaterThanOrEqualTo(created.Number("updated_at") + 59, row.Number("updated_at"));
    }

    [TestMethod]
    public async Task Update_ThatResumesAndAllowsWriting_HoldsForTheNextUse()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n","active":false,"write":false}""");
        string token = (await query.RowAsync()).Text("token")!;

        await query.PutAsync("""{"name":"n","active":true,"write":true}""");

        var use = (VerificationResult.Valid)await query.Host.Tokens.VerifyAsync(QueryHost.Realm, token);
        Assert.IsTrue(use.Token.Scopes.Contains(QueryTokensDefaults.WriteScope));
    }

    [TestMethod]
    [DataRow("""{"name":"unknown"}""")]
    [DataRow("""{"name":"unknown","active":true,"write":true,"expiration_date":32503680000}""")]
    public async Task Update_OfAnUnknownName_Answers400AndCreatesNothing(string body)
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.PutAsync(body);

        Assert.AreEqual((400, "Query returned no rows", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.IsEmpty(await query.RowsAsync());
    }

    [TestMethod]
    public async Task Delete_OfAToken_RemovesItAndFreesItsName()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n"}""");
        JsonElement first = await query.RowAsync();

        Answer answer = await query.SendAsync("DELETE", "", """{"name":"n"}""");

        Assert.AreEqual((200, "", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.IsEmpty(await query.RowsAsync());
        Assert.IsInstanceOfType<VerificationResult.Refused>(await query.Host.Tokens.VerifyAsync(QueryHost.Realm, first.Text("token")!));
        Assert.AreEqual(200, (await query.SendAsync("DELETE", "", """{"name":"n"}""")).Status, "unknown");
        await query.PostAsync("""{"name":"n"}""");
        JsonElement second = await query.RowAsync();
        Assert.AreNotEqual((first.Number("id"), first.Text("token")), (second.Number("id"), second.Text("token")));
    }

    [TestMethod]
    [DataRow("?name=a%20%2F%22%25%F0%9F%98%80", true)]
    [DataRow("?x=1&name=other&name=a%20%2F%22%25%F0%9F%98%80", true)]
    [DataRow("?name=A%20%2F%22%25%F0%9F%98%80", false)]
    [DataRow("?name=unknown", false)]
    [DataRow("?name=", false)]
    [DataRow("?name=%00", false)]
    [DataRow("?name=%ff%ed%a0%80", false)]
    public async Task Value_OfAName_ShowsTheTokenOrNoRow(string queryString, bool found)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"a /\"%😀"}""");
        string token = (await query.RowAsync()).Text("token")!;

        Answer answer = await query.SendAsync("GET", "/value" + queryString);

        Assert.AreEqual((200, null), (answer.Status, answer.ContentType));
        Assert.AreEqual(found ? $$"""{"data":[{"token":"{{token}}"}]}""" : """{"data":[]}""", answer.Text);
    }

    [TestMethod]
    [DataRow("", "Missing query string")]
    [DataRow("?", "Missing query string")]
    [DataRow("?x=1", "Missing query string: name")]
    [DataRow("?Name=n", "Missing query string: name")]
    public async Task Value_WithoutAName_Answers400(string queryString, string text)
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.SendAsync("GET", "/value" + queryString);

        Assert.AreEqual((400, text, null), (answer.Status, answer.Text, answer.ContentType));
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
