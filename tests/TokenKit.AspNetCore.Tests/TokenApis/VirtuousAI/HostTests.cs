using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

/// <summary>What a host does around a set; the traces have more of it.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public async Task OutputCache_OfTheHost_KeepsNothingOfTheSet()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            services => services.AddOutputCache(cache => cache.AddBasePolicy(new CacheEverything())),
            app =>
            {
                app.UseOutputCache();
                app.MapVirtuousAITokens(VaiHost.Realm).CacheOutput(policy => policy.AddPolicy<CacheEverything>());
                int count = 0;
                app.MapGet("/cached", context => context.Response.WriteAsync(Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture)));
            });

        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", vai.Session.Plaintext))).Status);
        Answer anonymous = await vai.SendAsync("GET", VaiHost.Path, null, []);
        await vai.SendAsync("GET", "/cached", null, []);
        Answer second = await vai.SendAsync("GET", "/cached", null, []);

        Assert.AreEqual(401, anonymous.Status);
        Assert.AreEqual("1", second.Text, "the host does cache");
    }

    [TestMethod]
    public async Task Set_UnderAPathBaseAndRouteGroups_IsServedThere()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            map: app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
                app.UseAuthorization();
                app.MapGroup("/tenants/{tenant}").MapVirtuousAITokens(VaiHost.Realm);
                app.MapGroup("/short").MapVirtuousAITokens(VaiHost.Realm, "");
            });

        Assert.AreEqual(200, (await vai.SendAsync("GET", $"/base/tenants/a{VaiHost.Path}")).Status);
        Assert.AreEqual(200, (await vai.SendAsync("GET", $"/tenants/a{VaiHost.Path}/{vai.Session.Record.Id}")).Status);
        Assert.AreEqual(200, (await vai.SendAsync("GET", "/short")).Status);
        Assert.AreEqual("""{"detail":"Method Not Allowed"}""", (await vai.SendAsync("PATCH", "/base/short")).Text);
        Assert.AreEqual("""{"detail":"Not Found"}""", (await vai.SendAsync("GET", "/base/short/a/b")).Text);
        Assert.AreEqual(404, (await vai.SendAsync("GET", VaiHost.Path)).Status);
    }

    [TestMethod]
    public async Task TwoSets_InOneHost_KeepTheirTokensApart()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            services =>
            {
                services.AddTokenKit().AddVirtuousAITokens("second").AddRealm("second", realm => realm.Prefix = "vai_two");
                services.AddOpenApi();
            },
            app =>
            {
                app.MapVirtuousAITokens(VaiHost.Realm);
                app.MapVirtuousAITokens("second", "/second/access-tokens");
                app.MapOpenApi();
                app.MapGet("/health", context => context.Response.WriteAsync("healthy"));
            });
        IssuedToken second = await vai.IssueAsync("second's", realm: "second");

        Answer own = await vai.SendAsync("GET", "/second/access-tokens", null, ("X-API-Key", second.Plaintext));
        Answer anothers = await vai.SendAsync("GET", "/second/access-tokens");
        Answer theOtherWay = await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", second.Plaintext));
        Answer notFound = await vai.SendAsync("GET", $"/second/access-tokens/{vai.Session.Record.Id}", null, ("X-API-Key", second.Plaintext));
        Answer openApi = await vai.SendAsync("GET", "/openapi/v1.json");

        Assert.AreEqual("second's", own.Json.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.StartsWith("vai_two_", second.Plaintext);
        Assert.AreEqual((401, 401, 404), (anothers.Status, theOtherWay.Status, notFound.Status));
        Assert.Contains("realm=\"second\"", anothers.Header("WWW-Authenticate"));
        Assert.AreEqual(200, openApi.Status, openApi.Text);
        Assert.AreEqual("healthy", (await vai.SendAsync("GET", "/health")).Text);
    }

    [TestMethod]
    public async Task Map_WithoutAdd_NamesTheMissingCall()
    {
        InvalidOperationException? failure = null;
        await using VaiHost vai = await VaiHost.StartAsync(map: app =>
            failure = Assert.ThrowsExactly<InvalidOperationException>(() => app.MapVirtuousAITokens("forgotten")));

        Assert.Contains("AddTokenKit().AddVirtuousAITokens(\"forgotten\")", failure!.Message);
    }

    [TestMethod]
    public async Task Add_Twice_ConfiguresOneSet()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddTokenKit().AddVirtuousAITokens(VaiHost.Realm));

        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path)).Status);
    }
}
