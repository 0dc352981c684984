using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

/// <summary>Paths, failures, and what a host does around the set; the traces have more of it.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public async Task AnyOperation_WhileTooMuchWaitsToBeHashed_Answers503WithNothing()
    {
        using var hasher = new HeldHasher();
        await using AmoveHost amove = await AmoveHost.StartAsync(services =>
        {
            hasher.AddTo(services);
            services.AddTokenKit().ConfigureVerification(verification => verification.ProofCacheCapacity = 0);
        });
        IssuedToken token = await amove.IssueAsync();

        hasher.Hold();
        Task<Answer> first = amove.InsertAsync(AmoveHost.Jwt(), """{"title":"first"}""");
        await hasher.Held;
        Answer[] turnedAway =
        [
            await amove.InsertAsync(AmoveHost.Jwt(), """{"title":"second"}"""),
            await amove.InsertAsync(token.Plaintext, """{"title":"third"}"""),
            await amove.ListAsync(token.Plaintext),
            await amove.DeleteAsync(token.Plaintext, token.Record.Id.ToString()),
        ];
        hasher.Release();

        foreach (Answer answer in turnedAway)
        {
            Assert.AreEqual((503, "", null, "2"), (answer.Status, answer.Text, answer.ContentType, answer.Header("Retry-After")));
        }

        Assert.AreEqual(200, (await first).Status);
        Assert.AreEqual(2, await amove.Set.CountAsync(AmoveHost.Realm));
    }

    [TestMethod]
    public async Task List_ThatFailsUnexpectedly_Answers500WithNothing()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        await amove.IssueAsync();
        amove.Set.Protector.IsBroken = true;

        Answer answer = await amove.ListAsync(AmoveHost.Jwt());

        Assert.AreEqual((500, "", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.IsTrue(amove.Host.Logs.Lines.Any(line => line.Contains("inner workings", StringComparison.Ordinal)), "the operator reads why");
    }

    [TestMethod]
    public async Task TwoSets_InOneHost_KeepTheirTokensApart()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(
            services =>
            {
                services.AddTokenKit().AddAmoveTokens("second").AddRealm("second", realm => realm.Prefix = "two").AddQueryTokens("query").AddVirtuousAITokens("vai");
                services.AddOpenApi();
            },
            app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapAmoveTokens(AmoveHost.Realm);
                app.MapGroup("/tenants/{tenant}").MapAmoveTokens("second");
                app.MapQueryTokens("query");
                app.MapVirtuousAITokens("vai");
                app.MapOpenApi();
            });
        IssuedToken first = await amove.IssueAsync();
        IssuedToken second = await amove.IssueAsync(realm: "second");
        const string secondList = $"/base/tenants/a{AmoveHost.Path}/get_all?token=";

        Answer own = await amove.Set.SendAsync("GET", secondList + second.Plaintext, (string?)null, []);
        Answer openApi = await amove.Set.SendAsync("GET", "/openapi/v1.json", (string?)null, []);

        Assert.AreEqual((200, second.Record.Id.ToString()), (own.Status, own.Json[0].GetProperty("id").GetString()));
        (await amove.Set.SendAsync("GET", secondList + first.Plaintext, (string?)null, [])).AssertError(401, "TOKEN");
        (await amove.ListAsync(second.Plaintext)).AssertError(401, "TOKEN");
        Assert.AreEqual(401, (await amove.Set.SendAsync("GET", "/_/token", (string?)null, ("Authorization", $"Bearer {first.Plaintext}"))).Status);
        Assert.AreEqual(401, (await amove.Set.SendAsync("GET", "/api/v1/access-tokens", (string?)null, ("X-API-Key", first.Plaintext))).Status);
        Assert.AreEqual(200, openApi.Status, openApi.Text);
    }

    [TestMethod]
    public async Task Map_WithoutAdd_NamesTheMissingCall()
    {
        InvalidOperationException? failure = null;
        await using AmoveHost amove = await AmoveHost.StartAsync(map: app =>
            failure = Assert.ThrowsExactly<InvalidOperationException>(() => app.MapAmoveTokens("forgotten")));

        Assert.Contains("AddTokenKit().AddAmoveTokens(\"forgotten\")", failure!.Message);
    }
}
