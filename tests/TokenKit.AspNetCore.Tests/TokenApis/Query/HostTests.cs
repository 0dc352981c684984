using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

/// <summary>Paths, failures, and what a host does around the set; the traces have more of it.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    [DataRow("POST", true)]
    [DataRow("POST", false)]
    [DataRow("GET", false)]
    public async Task AnyOperation_WhileTooMuchWaitsToBeHashed_Answers503(string method, bool remembersCallers)
    {
        using var hasher = new HeldHasher();
        await using QueryHost query = await QueryHost.StartAsync(services =>
        {
            hasher.AddTo(services);
            services.AddTokenKit().ConfigureVerification(verification => verification.ProofCacheCapacity = remembersCallers ? 10 : 0);
        });
        (string, string) other = ("Authorization", $"Bearer {(await query.IssueAdminAsync()).Plaintext}");

        hasher.Hold();
        Task<Answer> first = query.PostAsync("""{"name":"first"}""");
        await hasher.Held;
        Answer second = await query.Set.SendAsync(method, QueryHost.Path, method == "GET" ? null : """{"name":"second"}""", other);
        hasher.Release();

        Assert.AreEqual((503, "503 Service Unavailable", null, "2"), (second.Status, second.Text, second.ContentType, second.Header("Retry-After")));
        Assert.AreEqual(201, (await first).Status);
        Assert.AreEqual("first", (await query.RowAsync()).Text("name"));
    }

    [TestMethod]
    public async Task List_ThatFailsUnexpectedly_Answers500WithoutDetail()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n"}""");
        query.Set.Protector.IsBroken = true;

        Answer answer = await query.SendAsync("GET");

        Assert.AreEqual((500, "500 Internal Server Error", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.IsTrue(query.Host.Logs.Lines.Any(line => line.Contains("inner workings", StringComparison.Ordinal)), "the operator reads why");
    }

    [TestMethod]
    public async Task TwoSets_InOneHost_KeepTheirTokensApart()
    {
        await using QueryHost query = await QueryHost.StartAsync(
            services =>
            {
                services.AddTokenKit().AddQueryTokens("second").AddRealm("second", realm => realm.Prefix = "two");
                services.AddOpenApi();
            },
            app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
                app.UseAuthorization();
                app.MapQueryTokens(QueryHost.Realm);
                app.MapGroup("/tenants/{tenant}").MapQueryTokens("second");
                app.MapOpenApi();
            });
        IssuedToken second = await query.IssueAdminAsync(realm: "second");
        const string secondPath = "/base/tenants/a" + QueryHost.Path;
        await query.PostAsync("""{"name":"n"}""");

        Answer own = await query.Set.SendAsync("GET", secondPath, (string?)null, ("Authorization", $"Bearer {second.Plaintext}"));
        Answer anothers = await query.Set.SendAsync("GET", secondPath, (string?)null, query.Bearer);
        Answer theOtherWay = await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Authorization", $"Bearer {second.Plaintext}"));
        Answer openApi = await query.Set.SendAsync("GET", "/openapi/v1.json", (string?)null, []);

        Assert.StartsWith("two_", second.Plaintext);
        Assert.AreEqual((200, """{"data":[]}"""), (own.Status, own.Text));
        Assert.AreEqual((401, 401), (anothers.Status, theOtherWay.Status));
        Assert.Contains("realm=\"second\"", anothers.Header("WWW-Authenticate"));
        Assert.AreEqual(200, openApi.Status, openApi.Text);
    }

    [TestMethod]
    public async Task Map_WithoutAdd_NamesTheMissingCall()
    {
        InvalidOperationException? failure = null;
        await using QueryHost query = await QueryHost.StartAsync(map: app =>
            failure = Assert.ThrowsExactly<InvalidOperationException>(() => app.MapQueryTokens("forgotten")));

        Assert.Contains("AddTokenKit().AddQueryTokens(\"forgotten\")", failure!.Message);
    }
}
