using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class CallerTests
{
    private const string Invalid = "Bearer realm=\"query\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    [TestMethod]
    [DataRow("1001")]
    [DataRow("")]
    [DataRow("long")]
    [DataRow("n\0l")]
    public async Task List_ByAnotherUserOfTheHostsCookie_Answers401(string subject)
    {
        await using QueryHost query = await StartWithCookieAsync(services => services.AddScoped<ITokenCallerRights, OnlyTheAdministrator>());
        string cookie = await SignInAsync(query, subject == "long" ? new string('1', 257) : subject);

        AssertUnauthorized(await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Cookie", cookie)), Invalid, subject);
    }

    [TestMethod]
    public async Task List_ByAUserOfAHostThatSaysNothing_Answers401()
    {
        await using QueryHost query = await StartWithCookieAsync(static _ => { });
        string cookie = await SignInAsync(query, "1000");

        AssertUnauthorized(await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Cookie", cookie)), Invalid, "nobody manages the tokens of nobody");
    }

    [TestMethod]
    public async Task Log_OfEveryOperation_HoldsNoCredential()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n"}""");
        string token = (await query.RowAsync()).Text("token")!;
        await query.SendAsync("GET", "/value?name=n");
        await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Authorization", $"Bearer {token}"));

        // The last 49 characters are the secret and its checksum.
        foreach (string secret in new[] { token[^49..], query.Admin.Plaintext[^49..] })
        {
            Assert.IsFalse(query.Host.Logs.Lines.Any(line => line.Contains(secret, StringComparison.Ordinal)));
        }
    }

    private static Task<QueryHost> StartWithCookieAsync(Action<IServiceCollection> services) => QueryHost.StartAsync(
        collection =>
        {
            collection.AddAuthentication("host-cookie").AddCookie("host-cookie");
            collection.AddTokenKit().AddQueryTokens(QueryHost.Realm, options => options.AdditionalSchemes.Add("host-cookie"));
            services(collection);
        },
        app =>
        {
            app.MapQueryTokens(QueryHost.Realm);
            app.MapPost("/sign-in", static async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                string subject = await reader.ReadToEndAsync();
                await context.SignInAsync("host-cookie", new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", subject)], "host-cookie")));
            });
        });

    private static async Task<string> SignInAsync(QueryHost query, string subject) =>
        (await query.Set.SendAsync("POST", "/sign-in", subject, [])).Header("Set-Cookie").Split(';')[0];

    private static void AssertUnauthorized(Answer answer, string challenge, string what)
    {
        Assert.AreEqual((401, "", null), (answer.Status, answer.Text, answer.ContentType), what);
        Assert.AreEqual((challenge, "no-store"), (answer.Header("WWW-Authenticate"), answer.Header("Cache-Control")), what);
    }

    private sealed class OnlyTheAdministrator : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(caller.Subject == "1000" && subject is null);
    }
}
