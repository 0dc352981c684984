using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Endpoints.VirtuousAI;

/// <summary>What a host does around a set neither shuts it nor shows through it.</summary>
[TestClass]
public sealed class HostTests
{
    [TestMethod]
    public async Task FallbackPolicy_OfTheHost_DoesNotShutTheSet()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddAuthorizationBuilder()
            .AddFallbackPolicy("locked", policy => policy.RequireAssertion(static _ => false)));

        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path)).Status);
        Answer anonymous = await vai.SendAsync("GET", VaiHost.Path, null, []);
        Assert.AreEqual((401, "application/problem+json"), (anonymous.Status, anonymous.ContentType));
        Assert.AreEqual(405, (await vai.SendAsync("PUT", VaiHost.Path, null, [])).Status);
        Assert.AreEqual(404, (await vai.SendAsync("GET", VaiHost.Path + "/x/y", null, [])).Status);
    }

    [TestMethod]
    public async Task RequireAuthorization_OnTheSet_IsEnforcedFirst()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            services => services.AddAuthorizationBuilder().AddPolicy("host-policy", policy => policy.RequireAssertion(context =>
                context.Resource is HttpContext http && http.Request.Headers.ContainsKey("X-Pass"))),
            app => app.MapVirtuousAITokens(VaiHost.Realm).RequireAuthorization("host-policy"));

        Answer refused = await vai.SendAsync("GET", VaiHost.Path);
        Answer unknown = await vai.SendAsync("GET", VaiHost.Path + "/x/y");
        Answer passed = await vai.SendAsync("GET", VaiHost.Path, null, vai.Bearer, ("X-Pass", "1"));
        Answer anonymous = await vai.SendAsync("GET", VaiHost.Path, null, ("X-Pass", "1"));

        Assert.AreEqual((403, ""), (refused.Status, refused.Text), "in the host's shape");
        Assert.AreEqual(403, unknown.Status);
        Assert.AreEqual(200, passed.Status);
        Assert.AreEqual(401, anonymous.Status);
    }

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
    public async Task Settings_OfTheHost_DoNotShowThrough()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            services => services
                .ConfigureHttpJsonOptions(json =>
                {
                    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper;
                    json.SerializerOptions.WriteIndented = true;
                    json.SerializerOptions.MaxDepth = 1;
                })
                .AddProblemDetails(problems => problems.CustomizeProblemDetails = context => context.ProblemDetails.Title = "the host's own"),
            app =>
            {
                app.UseExceptionHandler();
                app.UseStatusCodePages();
                app.Use(next => async context =>
                {
                    // Upper-case i has its dot here, and a negative number a sign of its own.
                    CultureInfo.CurrentCulture = new CultureInfo("tr-TR") { NumberFormat = { NegativeSign = "~" }, DateTimeFormat = { TimeSeparator = "_" } };
                    CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
                    await next(context);
                });
                app.MapVirtuousAITokens(VaiHost.Realm);
            });

        Answer created = await vai.SendAsync("POST", VaiHost.Path, """{"name":"ISTANBUL ıi","expiresInDays":"5"}""");
        Answer list = await vai.SendAsync("GET", VaiHost.Path + "?includeRevoked=FALSE&limit=5");
        Answer revoked = await vai.SendAsync("DELETE", $"{VaiHost.Path}/{created.Json.GetProperty("token").GetProperty("id").GetString()}");
        Answer unknown = await vai.SendAsync("GET", VaiHost.Path + "/x/y", null, []);
        Answer anonymous = await vai.SendAsync("GET", VaiHost.Path, null, []);
        Answer invalid = await vai.SendAsync("GET", VaiHost.Path + "?limit=-1");

        Assert.StartsWith("{\"plaintext\":\"vai_pat_", created.Text);
        Assert.AreEqual(5, (created.Json.GetProperty("token").GetProperty("expiresAt").GetDateTimeOffset() - vai.Host.Clock.GetUtcNow()).TotalDays, 0.1);
        Assert.AreEqual(2, list.Json.GetProperty("items").GetArrayLength());
        Assert.AreEqual((204, ""), (revoked.Status, revoked.Text));
        Assert.AreEqual("""{"detail":"Not Found"}""", unknown.Text);
        Assert.Contains("\"title\":\"Unauthorized\"", anonymous.Text);
        Assert.Contains("greater than or equal to 1\"", invalid.Text);
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
    public async Task Preflight_WhereTheHostHasCors_IsAnsweredByTheHost()
    {
        await using VaiHost vai = await VaiHost.StartAsync(
            services => services.AddCors(cors => cors.AddPolicy("apps", policy => policy.WithOrigins("https://app.example").AllowAnyHeader().AllowAnyMethod())),
            app =>
            {
                app.UseCors();
                app.MapVirtuousAITokens(VaiHost.Realm).RequireCors("apps");
            });

        Answer preflight = await vai.SendAsync("OPTIONS", VaiHost.Path, null, ("Origin", "https://app.example"), ("Access-Control-Request-Method", "DELETE"));
        Answer list = await vai.SendAsync("GET", VaiHost.Path, null, vai.Bearer, ("Origin", "https://app.example"));

        Assert.AreEqual((204, "https://app.example"), (preflight.Status, preflight.Header("Access-Control-Allow-Origin")));
        Assert.AreEqual((200, "https://app.example"), (list.Status, list.Header("Access-Control-Allow-Origin")));
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
