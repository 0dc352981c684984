using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

[TestClass]
public sealed class CallerTests
{
    [TestMethod]
    [DataRow("GET", "get_all", null)]
    [DataRow("POST", "insert", "{")]
    [DataRow("DELETE", "delete", null)]
    public async Task AnyOperation_WithoutAGoodCredential_Answers401BeforeItLooksAtTheInput(string method, string operation, string? body)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(services => services.AddTokenKit()
            .AddAmoveTokens("twin").AddAmoveTokens("other-prefix").AddRealm("other-prefix", realm => realm.Prefix = "amore"));
        IssuedToken good = await amove.IssueAsync();
        IssuedToken revoked = await amove.IssueAsync();
        IssuedToken suspended = await amove.IssueAsync();
        await amove.Host.RevokeAsync(revoked);
        await amove.Set.SuspendAsync(suspended);
        var refused = new Dictionary<string, string>
        {
            ["?token=nothing"] = "neither a JWT nor a token",
            ["?token=amove_nothing"] = "a malformed token",
            ["?token=" + new string('a', 7_000)] = "a long text",
            ["?token=%00%0D%0AX:%20y"] = "control characters",
            [$"?token={revoked.Plaintext}"] = "a revoked token",
            [$"?token={suspended.Plaintext}"] = "a suspended token",
            [$"?token={(await amove.IssueAsync(expiry: TokenExpiry.AtEvenIfPassed(DateTimeOffset.UnixEpoch))).Plaintext}"] = "an expired token",
            [$"?token={ForgedToken.Mix(good.Plaintext, revoked.Plaintext)}"] = "a forged token",
            [$"?token={(await amove.IssueAsync(realm: "twin")).Plaintext}"] = "another realm's with the same prefix",
            [$"?token={(await amove.IssueAsync(realm: "other-prefix")).Plaintext}"] = "another realm's",
            [$"?token={AmoveHost.Jwt(lifetime: TimeSpan.FromHours(-1))}"] = "an expired JWT",
            [$"?token={AmoveHost.Jwt(key: "another key that signs other JWTs")}"] = "a JWT of somebody else's",
            [$"?token={AmoveHost.Jwt()}x"] = "a damaged JWT",
            [$"?token={good.Plaintext}&token={good.Plaintext}"] = "two",
            [$"?token=&token={good.Plaintext}"] = "two, one of them empty",
        };

        foreach ((string query, string what) in refused)
        {
            AssertUnauthorized(await amove.Set.SendAsync(method, $"{AmoveHost.Path}/{operation}{query}", body, []), "TOKEN", what);
        }

        foreach (string query in new[] { "", "?", "?token", "?token=", $"?Token={good.Plaintext}", $"?x={good.Plaintext}" })
        {
            AssertUnauthorized(await amove.Set.SendAsync(method, $"{AmoveHost.Path}/{operation}{query}", body, []), "AUTH", query);
        }
    }

    [TestMethod]
    public async Task List_WithACredentialInAHeader_Answers401()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        IssuedToken token = await amove.IssueAsync();

        foreach (string credential in new[] { token.Plaintext, AmoveHost.Jwt() })
        {
            (string, string) header = ("Authorization", $"Bearer {credential}");
            (await amove.Set.SendAsync("GET", $"{AmoveHost.Path}/get_all", (string?)null, header)).AssertError(401, "AUTH");
            (await amove.Set.SendAsync("GET", $"{AmoveHost.Path}/get_all?token=nothing", (string?)null, header)).AssertError(401, "TOKEN");
        }
    }

    [TestMethod]
    public async Task List_ByAJwt_LeavesTheRequestAsItWas()
    {
        // The answer is with the caller before the middleware has seen what is left of the request.
        var left = new TaskCompletionSource<string>();
        await using AmoveHost amove = await AmoveHost.StartAsync(map: app =>
        {
            app.Use(next => async context =>
            {
                await next(context);
                left.SetResult($"{context.User.Identity?.IsAuthenticated} {context.Request.Headers.Authorization} {context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Succeeded}");
            });
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapAmoveTokens(AmoveHost.Realm);
        });

        Answer answer = await amove.ListAsync(AmoveHost.Jwt());

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual("False  ", await left.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [TestMethod]
    public async Task List_InAHostWhoseDefaultSchemeIsAnother_TakesItsJwts()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(services => services.AddAuthentication("host-cookie").AddCookie("host-cookie"));

        Assert.AreEqual(200, (await amove.ListAsync(AmoveHost.Jwt())).Status);
    }

    [TestMethod]
    public async Task List_ByAJwtInAHostThatNamesNoScheme_Answers401()
    {
        await using AmoveHost amove = await AmoveHost.StartPlainAsync(services =>
        {
            services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
            services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm);
        });

        (await amove.ListAsync(AmoveHost.Jwt())).AssertError(401, "TOKEN");
        Assert.AreEqual(200, (await amove.ListAsync((await amove.IssueAsync()).Plaintext)).Status);
    }

    [TestMethod]
    public async Task Credential_ThatBeginsLikeAToken_IsNotShownToTheHost()
    {
        var shown = new ShownCredentials();
        await using AmoveHost amove = await AmoveHost.StartPlainAsync(services =>
        {
            services.AddSingleton(shown);

            // Two schemes, so that none is the default one of the host, which sees each request as it came.
            services.AddAuthentication().AddCookie().AddScheme<AuthenticationSchemeOptions, RecordingHandler>("recorder", null);
            services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm, options => options.AdditionalSchemes.Add("recorder"));
        });
        string token = (await amove.IssueAsync()).Plaintext;

        await amove.ListAsync(token);
        await amove.ListAsync(token[..^1]);
        Answer other = await amove.ListAsync("eyJ.a%2Bb_c.d&x=1");

        other.AssertError(401, "TOKEN");
        CollectionAssert.AreEqual(new[] { "Bearer eyJ.a+b_c.d in 1 header, query ''" }, shown.Values);
    }

    [TestMethod]
    public async Task Log_OfOurs_HoldsNoCredential()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        string jwt = AmoveHost.Jwt();
        string token = (await amove.InsertAsync(jwt, """{"title":"t"}""")).Json.GetProperty("token").GetString()!;
        await amove.ListAsync(token);
        await amove.ListAsync(jwt);
        await amove.ListAsync(token[..^1]);
        await amove.DeleteAsync(token, "1");
        amove.Host.Store.IsDown = true;
        await amove.ListAsync(token);

        FakeLogRecord[] telling = [.. amove.Host.Logs.GetSnapshot()
            .Where(record => record.ToLine().Contains(token[^49..^1], StringComparison.Ordinal) || record.ToLine().Contains(jwt, StringComparison.Ordinal))];

        Assert.IsTrue(telling.All(record => record.Category == "Microsoft.AspNetCore.Hosting.Diagnostics"), string.Join('\n', telling.Select(record => record.ToLine())));
    }

    private static void AssertUnauthorized(Answer answer, string code, string what)
    {
        answer.AssertError(401, code, what);
        Assert.AreEqual(
            code == "AUTH" ? "Bearer realm=\"amove\"" : "Bearer realm=\"amove\", error=\"invalid_token\", error_description=\"The token is not valid.\"",
            answer.Header("WWW-Authenticate"),
            what);
    }

    private sealed class ShownCredentials
    {
        public List<string> Values { get; } = [];
    }

    private sealed class RecordingHandler(ShownCredentials shown, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            int others = Request.Headers.Count(header => header.Key != "Host");
            shown.Values.Add($"{Request.Headers.Authorization} in {others} header, query '{Request.QueryString}'");
            return Task.FromResult(AuthenticateResult.NoResult());
        }
    }
}
