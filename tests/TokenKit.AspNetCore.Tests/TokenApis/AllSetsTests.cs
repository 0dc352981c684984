using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>All four sets in one host, each of them twice, and the host's default scheme is a cookie.</summary>
[TestClass]
public sealed class AllSetsTests
{
    private const string Cookie = "host-cookie";
    private const string User = "1001";
    private const string Group = "/tenants/a";
    private const string UsersTokens = $"/api/v1/users/{User}/access-tokens";

    private static readonly Product[] Products =
    [
        new("amove", "/apitoken/get_all?token={0}", "/apitoken/insert", """{"title":"t"}""", Written: 401, Forged: 401),
        new("query", "/_/token", "/_/token", """{"name":"n"}""", Written: 201, Forged: 401, Kind: QueryTokensDefaults.AdminKind),
        new("canvus", UsersTokens, UsersTokens, """{"description":"d"}""", Written: 200, Forged: 403),
        new("vai", "/api/v1/access-tokens", "/api/v1/access-tokens", """{"name":"n"}""", Written: 201, Forged: 403),
    ];

    private static (Product Product, string Realm, string Group)[] Sets =>
        [.. Products.SelectMany(static product => new[] { (product, product.Name, ""), (product, product.Name + "-2", Group) })];

    [TestMethod]
    public async Task Token_OfEachRealm_IsAcceptedByItsOwnSetAndNoOther()
    {
        await using SetHost host = await StartAsync();

        foreach ((Product product, string realm, string _) in Sets)
        {
            string token = (await host.Host.IssueAsync(new IssueRequest(realm) { Subject = User, Name = "t", Kind = product.Kind })).Plaintext;
            foreach ((Product other, string otherRealm, string group) in Sets)
            {
                string path = group + string.Format(null, other.List, token);
                Answer answer = await host.SendAsync("GET", path, (string?)null, ("Authorization", $"Bearer {token}"), ("Private-Token", token));

                Assert.AreEqual(realm == otherRealm ? 200 : 401, answer.Status, $"{realm} at {otherRealm}: {answer.Text}");
            }
        }
    }

    [TestMethod]
    [DataRow("Origin", "https://evil.example")]
    [DataRow("Sec-Fetch-Site", "cross-site")]
    [DataRow("Accept", "*/*", DisplayName = "of a browser that says nothing")]
    public async Task FormOfAnotherSite_WithTheCookieOfTheDefaultScheme_WritesNothing(string name, string value)
    {
        await using SetHost host = await StartAsync();
        (string, string) cookie = ("Cookie", (await host.SendAsync("POST", "/sign-in", "", [])).Header("Set-Cookie").Split(';')[0]);

        foreach ((Product product, string realm, string group) in Sets)
        {
            Answer forged = await CreateAsync((name, value), ("Content-Type", "application/x-www-form-urlencoded"));
            Assert.AreEqual(product.Forged, forged.Status, $"{realm}: {forged.Text}");
            Assert.AreEqual(0, await host.CountAsync(realm), realm);

            // The same cookie writes for the host's own pages. Amove knows none.
            Answer own = await CreateAsync(("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/json"));
            Assert.AreEqual(product.Written, own.Status, $"{realm}: {own.Text}");

            Task<Answer> CreateAsync(params (string Name, string Value)[] headers) =>
                host.SendAsync("POST", group + product.Create, product.Body, [cookie, .. headers]);
        }
    }

    [TestMethod]
    public async Task OpenApiDocument_OfTheHost_DescribesTheHostAlone()
    {
        await using SetHost host = await StartAsync();

        Answer answer = await host.SendAsync("GET", "/openapi/v1.json", (string?)null, []);

        Assert.AreEqual(200, answer.Status, answer.Text);
        string[] paths = [.. answer.Json.GetProperty("paths").EnumerateObject().Select(static path => path.Name)];
        CollectionAssert.AreEqual(new[] { "/own" }, paths);
    }

    private static Task<SetHost> StartAsync() => SetHost.StartAsync(
        static services =>
        {
            services.AddAuthentication(Cookie).AddCookie(Cookie);
            services.AddScoped<ITokenCallerRights, Everything>();
            services.AddOpenApi();
            foreach (string suffix in new[] { "", "-2" })
            {
                services.AddTokenKit()
                    .AddAmoveTokens("amove" + suffix, static amove => amove.AdditionalSchemes.Add(Cookie))
                    .AddQueryTokens("query" + suffix, static query => query.AdditionalSchemes.Add(Cookie))
                    .AddCanvusTokens("canvus" + suffix, static canvus => canvus.AdditionalSchemes.Add(Cookie))
                    .AddVirtuousAITokens("vai" + suffix, static vai => vai.AdditionalSchemes.Add(Cookie));
            }
        },
        static app =>
        {
            Map(app, "");
            Map(app.MapGroup("/tenants/{tenant}"), "-2");
            app.MapOpenApi();
            app.MapGet("/own", static () => "the host's").WithName("own");
            app.MapPost("/sign-in", static context => context.SignInAsync(
                Cookie, new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", User)], Cookie))));
        });

    private static void Map(IEndpointRouteBuilder endpoints, string suffix)
    {
        endpoints.MapAmoveTokens("amove" + suffix);
        endpoints.MapQueryTokens("query" + suffix);
        endpoints.MapCanvusTokens("canvus" + suffix);
        endpoints.MapVirtuousAITokens("vai" + suffix);
    }

    /// <summary>A set as the tests call it: what a write with a cookie is answered, and what such a write from another site is.</summary>
    private sealed record Product(string Name, string List, string Create, string Body, int Written, int Forged, string? Kind = null);

    private sealed class Everything : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(true);
    }
}
