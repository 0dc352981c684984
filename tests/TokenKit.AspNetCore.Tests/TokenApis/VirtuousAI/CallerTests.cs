using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Authorization;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CallerTests
{
    private const string Cookie = "host-cookie";
    private const string Jwt = "host-jwt";

    [TestMethod]
    public async Task Create_ByAUserOfTheHostsCookie_BelongsToThatUser()
    {
        await using VaiHost vai = await StartAsync();
        string cookie = await SignInAsync(vai, "1001");

        Answer created = await vai.SendAsync("POST", VaiHost.Path, """{"name":"by cookie"}""", ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"));
        Answer own = await vai.SendAsync("GET", VaiHost.Path);
        Answer forged = await vai.SendAsync("POST", VaiHost.Path, """{"name":"forged"}""", ("Cookie", cookie), ("Sec-Fetch-Site", "cross-site"));

        Assert.AreEqual(201, created.Status, created.Text);
        Assert.AreEqual("by cookie", own.Json.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.AreEqual(403, forged.Status, "what a browser attaches by itself proves nothing of the site that asked");
        Assert.AreEqual(2, await vai.CountAsync());
    }

    [TestMethod]
    public async Task RevokeAll_ByAUserOfTheHost_SparesNothing()
    {
        await using VaiHost vai = await StartAsync();
        string cookie = await SignInAsync(vai, VaiHost.Subject);

        Answer answer = await vai.SendAsync("DELETE", VaiHost.Path, null, ("Cookie", cookie), ("Sec-Fetch-Site", "same-origin"));

        Assert.AreEqual("""{"revokedCount":1}""", answer.Text);
        Assert.AreEqual(401, (await vai.SendAsync("GET", VaiHost.Path)).Status);
    }

    [TestMethod]
    public async Task Create_ByABearerOfTheHost_NeedsNoProofOfTheSite()
    {
        await using VaiHost vai = await StartAsync();

        Answer created = await vai.SendAsync("POST", VaiHost.Path, """{"name":"n"}""", ("Authorization", "Bearer jwt.of.1001"), ("Sec-Fetch-Site", "cross-site"));
        Answer refused = await vai.SendAsync("GET", VaiHost.Path, null, ("Authorization", "Bearer jwt.is.bad"));

        Assert.AreEqual(201, created.Status, created.Text);
        Assert.AreEqual(401, refused.Status);
        Assert.Contains("invalid_token", refused.Header("WWW-Authenticate"));
    }

    [TestMethod]
    public async Task List_ByAUserOfASchemeThatWasNotNamed_Answers401()
    {
        await using VaiHost vai = await StartAsync(nameTheSchemes: false);
        string cookie = await SignInAsync(vai, VaiHost.Subject);

        Assert.AreEqual(401, (await vai.SendAsync("GET", VaiHost.Path, null, ("Cookie", cookie))).Status);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a\0b")]
    [DataRow("long")]
    public async Task List_ByAUserWhomNoTokenCanBelongTo_Answers403BeforeTheStoreIsTouched(string subject)
    {
        await using VaiHost vai = await StartAsync();
        string cookie = await SignInAsync(vai, subject == "long" ? new string('x', 257) : subject);

        vai.Host.Store.IsDown = true;
        Answer answer = await vai.SendAsync("GET", VaiHost.Path, null, ("Cookie", cookie));

        Assert.AreEqual(403, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task AnyOperation_WhereTheHostsRightsSayNo_Answers403()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddScoped<ITokenCallerRights, NoRights>());

        Answer list = await vai.SendAsync("GET", VaiHost.Path);
        Answer revokeAll = await vai.SendAsync("DELETE", VaiHost.Path);

        Assert.AreEqual((403, 403), (list.Status, revokeAll.Status));
        Assert.AreEqual("application/problem+json", list.ContentType);
    }

    private static Task<VaiHost> StartAsync(bool nameTheSchemes = true) => VaiHost.StartAsync(
        services =>
        {
            services.AddAuthentication(Cookie)
                .AddCookie(Cookie)
                .AddScheme<AuthenticationSchemeOptions, BearerOfTheHost>(Jwt, null);
            if (nameTheSchemes)
            {
                services.AddTokenKit().AddVirtuousAITokens(VaiHost.Realm, options =>
                {
                    options.AdditionalSchemes.Add(Cookie);
                    options.AdditionalSchemes.Add(Jwt);
                });
            }
        },
        app =>
        {
            app.MapVirtuousAITokens(VaiHost.Realm);
            app.MapPost("/sign-in", static async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                string subject = await reader.ReadToEndAsync();
                await context.SignInAsync(Cookie, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, subject)], Cookie)));
            });
        });

    private static async Task<string> SignInAsync(VaiHost vai, string subject)
    {
        Answer answer = await vai.SendAsync("POST", "/sign-in", subject, []);
        return answer.Header("Set-Cookie").Split(';')[0];
    }

    private sealed class NoRights : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }

    /// <summary>Stands in for a host's JWTs: <c>jwt.of.SUBJECT</c>.</summary>
    private sealed class BearerOfTheHost(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string[] parts = Request.Headers.Authorization.ToString().Split(' ', '.');
            return Task.FromResult(
                parts is ["Bearer", "jwt", "of", var subject]
                    ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", subject)], Jwt)), Jwt))
                    : parts[0] == "Bearer" ? AuthenticateResult.Fail("It is no JWT of this host.") : AuthenticateResult.NoResult());
        }
    }
}
