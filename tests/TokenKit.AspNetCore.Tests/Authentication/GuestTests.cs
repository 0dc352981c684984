using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>Beside what a host already has, TokenKit changes nothing that it does not own.</summary>
[TestClass]
public sealed class GuestTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    public async Task Page_OfAHostWithOneScheme_IsStillAnsweredByThatScheme(int sets)
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddAuthorization();
                services.AddAuthentication().AddCookie("only");
                AddSets(services, sets);
            },
            app => app.MapGet("/page", () => "").RequireAuthorization());

        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/page");

        Assert.AreEqual(302, response.Status());
        Assert.Contains("/Account/Login", response.Header("Location")!);
    }

    [TestMethod]
    public async Task Host_WithoutAScheme_GetsNoDefaultFromASet()
    {
        await using TestHost host = await TestHost.StartAsync(services => AddSets(services, 1), app => app.MapGet("/open", (HttpContext context) => context.User.Identity?.Name ?? "nobody"));
        IAuthenticationSchemeProvider schemes = host.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        IssuedToken token = await host.IssueAsync(new IssueRequest("vai") { Subject = "1001", Name = "n" });

        Assert.IsNull(await schemes.GetDefaultAuthenticateSchemeAsync());
        Assert.IsNull(await schemes.GetDefaultChallengeSchemeAsync());
        using HttpResponseMessage response = await host.GetAsync("/open", token.Plaintext);
        Assert.AreEqual("nobody", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Host_ThatChoseItsDefault_KeepsIt()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddAuthentication(options => options.DefaultChallengeScheme = "second").AddCookie("first").AddCookie("second");
                AddSets(services, 1);
            },
            _ => { });
        IAuthenticationSchemeProvider schemes = host.Services.GetRequiredService<IAuthenticationSchemeProvider>();

        Assert.IsNull(await schemes.GetDefaultAuthenticateSchemeAsync());
        Assert.AreEqual("second", (await schemes.GetDefaultChallengeSchemeAsync())?.Name);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    public async Task DefaultScheme_OfTheHost_RunsOncePerRequest(int sets)
    {
        var counts = new Counts();
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddSingleton(counts).AddSingleton<IClaimsTransformation, CountingTransformation>();
                services.AddAuthentication("smart")
                    .AddPolicyScheme("smart", null, options => options.ForwardDefaultSelector = static _ => "hand-written")
                    .AddApiToken("api")
                    .AddApiToken("second", "other");
                services.Configure<AuthenticationOptions>(static options => options.AddScheme<HandWrittenHandler>("hand-written", null));
                AddSets(services, sets);
            },
            app => app.MapGet("/page", (HttpContext context) => context.User.FindAll("role").Count()).RequireAuthorization());

        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/page");

        Assert.AreEqual("1", await response.Content.ReadAsStringAsync());
        Assert.AreEqual((1, 1), (counts.Authentications, counts.Transformations));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task DefaultScheme_ThatMustHandleTheRequestFirst_Does(bool isAddedFirst)
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                AuthenticationBuilder authentication = services.AddAuthentication("negotiate-like");
                if (isAddedFirst)
                {
                    services.Configure<AuthenticationOptions>(static options => options.AddScheme<NegotiateLikeHandler>("negotiate-like", null));
                }

                authentication.AddApiToken("api");
                AddSets(services, 4);
                if (!isAddedFirst)
                {
                    services.Configure<AuthenticationOptions>(static options => options.AddScheme<NegotiateLikeHandler>("negotiate-like", null));
                }
            },
            app => app.MapGet("/page", () => "reached").RequireAuthorization());

        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/page");

        Assert.AreEqual(200, response.Status());
    }

    // What [ResponseCache] does to the headers of a page: it removes Vary, and sets its own where the page names some.
    [TestMethod]
    [DataRow(false, "X-API-Key", null)]
    [DataRow(true, "X-API-Key", null)]
    [DataRow(false, "Cookie", null)]
    [DataRow(true, "Cookie", null)]
    [DataRow(false, "X-API-Key", "Accept-Language")]
    [DataRow(true, "Cookie", "Accept-Language")]
    [DataRow(true, "X-API-Key", "Accept-Language, x-api-key")]
    public async Task ResponseCache_OfTheHost_GivesNobodyTheAnswerToAnother(bool isFirst, string header, string? vary)
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddResponseCaching();
                services.AddAuthentication().AddApiToken("api", options =>
                {
                    options.Sources.Clear();
                    options.Sources.Add(header == "Cookie" ? new ApiTokenSource.Cookie("key") : new ApiTokenSource.Header(header));
                });
            },
            app =>
            {
                if (isFirst)
                {
                    app.UseResponseCaching();
                }

                app.UseAuthentication();
                app.UseAuthorization();
                if (!isFirst)
                {
                    app.UseResponseCaching();
                }

                app.MapGet("/me", (HttpContext context) =>
                {
                    context.Response.Headers.Remove("Vary");
                    context.Response.Headers.CacheControl = "public, max-age=60";
                    if (vary is not null)
                    {
                        context.Response.Headers.Vary = vary;
                    }

                    return context.User.Identity!.Name;
                }).RequireAuthorization();
            });
        string expected = vary is null ? header : vary.Contains(header, StringComparison.OrdinalIgnoreCase) ? vary : $"{vary}, {header}";
        foreach (string subject in (string[])["ann", "bob"])
        {
            IssuedToken token = await host.IssueAsync(subject: subject);
            for (int round = 0; round < 2; round++)
            {
                using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/me", (header, header == "Cookie" ? $"key={token.Plaintext}" : token.Plaintext));
                Assert.AreEqual(subject, await response.Content.ReadAsStringAsync());
                Assert.AreEqual(expected, string.Join(", ", response.Headers.Vary));

                // The host's cache still does its work for each of them.
                Assert.AreEqual(round == 1, response.Headers.Age is not null);
            }
        }

        using HttpResponseMessage nobody = await host.SendAsync(HttpMethod.Get, "/me");
        Assert.AreEqual(401, nobody.Status());
    }

    [TestMethod]
    public async Task Authentication_AfterTheResponseHasBegun_StillTells()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication("none").AddApiToken("keys", "api", options =>
            {
                options.Sources.Clear();
                options.Sources.Add(new ApiTokenSource.Header("X-API-Key"));
            }),
            app => app.MapGet("/late", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("it is ");
                await context.Response.Body.FlushAsync();
                AuthenticateResult result = await context.AuthenticateAsync("keys");
                await context.Response.WriteAsync(result.Principal!.Identity!.Name!);
            }));
        IssuedToken token = await host.IssueAsync();

        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/late", ("X-API-Key", token.Plaintext));

        Assert.AreEqual("it is 1001", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task DefaultScheme_WhoseHandlerHidesItsOptions_IsFollowed()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication("hiding")
                .AddScheme<AuthenticationSchemeOptions, HidingHandler>("hiding", options => options.ForwardDefault = ApiTokenDefaults.AuthenticationScheme)
                .AddApiToken("api"),
            app => app.MapGet("/open", () => "reached"));
        IssuedToken token = await host.IssueAsync();
        host.Store.IsDown = true;

        using HttpResponseMessage response = await host.GetAsync("/open", token.Plaintext);

        Assert.AreEqual(503, response.Status());
    }

    [TestMethod]
    public async Task Connection_OfATokenThatExpires_EndsWithIt()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddSignalR();
                services.AddAuthentication().AddApiToken("api");
            },
            app =>
            {
                app.MapHub<EmptyHub>("/hub", options => options.CloseOnAuthenticationExpiration = true).RequireAuthorization();
                app.MapGet("/expires", async (HttpContext context) => (await context.AuthenticateAsync()).Properties!.ExpiresUtc);
            });
        IssuedToken lasting = await host.IssueAsync();
        IssuedToken brief = await host.IssueAsync(expiry: TokenExpiry.After(TimeSpan.FromSeconds(3)));
        await using HubConnection lastingConnection = await ConnectAsync(host, lasting);
        await using HubConnection connection = await ConnectAsync(host, brief);
        var closed = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.AreEqual(HubConnectionState.Connected, lastingConnection.State);
        using HttpResponseMessage response = await host.GetAsync("/expires", brief.Plaintext);
        Assert.Contains(brief.Record.ExpiresAt!.Value.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task StatusPage_ThatIsExecutedAgain_ChallengesOnceAndShowsTheHostsPage()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app =>
            {
                app.UseStatusCodePagesWithReExecute("/status/{0}");
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/me", () => "").RequireAuthorization();
                app.MapGet("/open", () => "");
                app.MapGet("/status/{code}", (string code) => $"the page of the host: {code}");
                app.MapGet("/status/401", () => "never seen").RequireAuthorization();
            });
        IssuedToken token = await host.IssueAsync();

        using HttpResponseMessage malformed = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", "Bearer"));
        using HttpResponseMessage anonymous = await host.SendAsync(HttpMethod.Get, "/me");
        host.Store.IsDown = true;
        host.Logs.Clear();
        using HttpResponseMessage unavailable = await host.GetAsync("/open", token.Plaintext);

        Assert.HasCount(1, malformed.Headers.WwwAuthenticate);
        Assert.HasCount(1, anonymous.Headers.WwwAuthenticate);
        Assert.AreEqual("the page of the host: 400", await malformed.Content.ReadAsStringAsync());
        Assert.AreEqual(503, unavailable.Status());
        Assert.AreEqual("the page of the host: 503", await unavailable.Content.ReadAsStringAsync());
        Assert.HasCount(1, host.Logs.GetSnapshot().Where(static line => line.Id.Name == "AnsweredUnavailable"));
    }

    [TestMethod]
    public async Task Requests_WithTokensOfOneOfTwoSchemes_AreForeignToTheOther()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication("first").AddApiToken("first", "api").AddApiToken("second", "other"),
            app => app.MapGet("/both", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes("first", "second")
                .RequireAuthenticatedUser()));
        IssuedToken token = await host.IssueAsync(realm: "other");
        host.Logs.Clear();

        using HttpResponseMessage response = await host.GetAsync("/both", token.Plaintext);
        string[] lines = [.. host.Logs.GetSnapshot().Where(static line => line.Level >= LogLevel.Information && line.Category!.StartsWith("TokenKit", StringComparison.Ordinal)).Select(static line => line.Message)];
        using HttpResponseMessage foreign = await host.GetAsync("/both", "eyJhbGciOiJIUzI1NiJ9.e30.abc");

        Assert.AreEqual(200, response.Status());
        Assert.IsEmpty(lines, string.Join(" | ", lines));
        Assert.AreEqual(401, foreign.Status());
        Assert.IsTrue(foreign.Headers.WwwAuthenticate.All(static challenge => challenge.Parameter!.Contains("invalid_token", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Answer_OfTheHostsOwnResultHandler_IsTheLastWord()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddSingleton<IAuthorizationMiddlewareResultHandler, ChallengeThen401>();
                services.AddAuthentication().AddApiToken("api");
            },
            app => app.MapGet("/me", () => "").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(ApiTokenDefaults.AuthenticationScheme)
                .RequireAuthenticatedUser()));
        IssuedToken token = await host.IssueAsync();

        using HttpResponseMessage malformed = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", "Bearer"));
        host.Store.IsDown = true;
        using HttpResponseMessage unavailable = await host.GetAsync("/me", token.Plaintext);

        Assert.AreEqual(401, malformed.Status());
        Assert.AreEqual(401, unavailable.Status());
    }

    [TestMethod]
    public async Task Forbidden_ForATransformationThatDropsTheToken_SaysSoInTheLog()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddSingleton<IClaimsTransformation, DroppingTransformation>();
                services.AddAuthentication().AddApiToken("api");
            },
            app => app.MapGet("/read", () => "").RequireAllScopes("read"));
        IssuedToken token = await host.IssueAsync("read");

        using HttpResponseMessage response = await host.GetAsync("/read", token.Plaintext);

        Assert.AreEqual(403, response.Status());
        Assert.HasCount(1, host.Logs.GetSnapshot().Where(static line => line.Id.Id == 1003 && line.Level == LogLevel.Debug));
    }

    private static void AddSets(IServiceCollection services, int count)
    {
        (Action<TokenKitBuilder> Add, int Number)[] sets =
        [
            (static builder => builder.AddVirtuousAITokens("vai"), 1),
            (static builder => builder.AddQueryTokens("query"), 2),
            (static builder => builder.AddCanvusTokens("canvus"), 3),
            (static builder => builder.AddAmoveTokens("amove"), 4),
        ];
        foreach ((Action<TokenKitBuilder> add, int number) in sets)
        {
            if (number <= count)
            {
                add(services.AddTokenKit());
            }
        }
    }

    private static async Task<HubConnection> ConnectAsync(TestHost host, IssuedToken token)
    {
        HubConnection connection = new HubConnectionBuilder()
            .WithUrl(new Uri(host.Address, "/hub"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token.Plaintext))
            .Build();
        await connection.StartAsync();
        return connection;
    }

    private sealed class EmptyHub : Hub;

    private sealed class Counts
    {
        public int Authentications { get; set; }

        public int Transformations { get; set; }
    }

    private sealed class CountingTransformation(Counts counts) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            counts.Transformations++;
            principal.AddIdentity(new ClaimsIdentity([new Claim("role", "reader")]));
            return Task.FromResult(principal);
        }
    }

    private sealed class HidingHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        public new string Options => base.Options.ForwardDefault!;

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }

    private sealed class DroppingTransformation : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
            Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity([new Claim("name", "somebody")], "own")));
    }

    private sealed class ChallengeThen401 : IAuthorizationMiddlewareResultHandler
    {
        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (authorizeResult.Succeeded)
            {
                await next(context);
                return;
            }

            await context.ChallengeAsync();
            context.Response.StatusCode = 401;
        }
    }

    /// <summary>A scheme that somebody wrote without the base class of the framework.</summary>
    private sealed class HandWrittenHandler(Counts counts) : IAuthenticationHandler
    {
        private AuthenticationScheme _scheme = null!;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
        {
            _scheme = scheme;
            return Task.CompletedTask;
        }

        public Task<AuthenticateResult> AuthenticateAsync()
        {
            counts.Authentications++;
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(_scheme.Name)), _scheme.Name)));
        }

        public Task ChallengeAsync(AuthenticationProperties? properties) => Task.CompletedTask;

        public Task ForbidAsync(AuthenticationProperties? properties) => Task.CompletedTask;
    }

    /// <summary>As Windows authentication does, it refuses to be asked before it handled the request.</summary>
    private sealed class NegotiateLikeHandler : IAuthenticationRequestHandler
    {
        private bool _hasHandled;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context) => Task.CompletedTask;

        public Task<bool> HandleRequestAsync()
        {
            _hasHandled = true;
            return Task.FromResult(false);
        }

        public Task<AuthenticateResult> AuthenticateAsync() => _hasHandled
            ? Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("windows")), "negotiate-like")))
            : throw new InvalidOperationException("AuthenticateAsync must not be called before the authentication middleware runs.");

        public Task ChallengeAsync(AuthenticationProperties? properties) => Task.CompletedTask;

        public Task ForbidAsync(AuthenticationProperties? properties) => Task.CompletedTask;
    }
}
