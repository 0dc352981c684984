using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>An additional scheme may be one of TokenKit's, or forward to one. A token is nobody outside of its own realm.</summary>
[TestClass]
public sealed class TokenOfASchemeTests
{
    private const string Foreign = "foreign";
    private const string Own = "command-line";
    private const string OwnHeader = "X-Command-Line";
    private const string Forward = "forward";

    public static IEnumerable<object[]> Operations => SetOperation.All.Select(static operation => new object[] { operation.ToString() });

    // Amove shows nothing that has its prefix to a scheme of the host's.
    public static IEnumerable<object[]> CreationsByOtherPlaces =>
        SetOperation.Creations.Where(static operation => operation.Set != "amove").Select(static operation => new object[] { operation.ToString() });

    public static IEnumerable<object[]> Creations => SetOperation.Creations.Select(static operation => new object[] { operation.ToString() });

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task TokenOfAnotherRealm_ByASchemeOfTheSet_IsRefused(string name)
    {
        foreach (string scheme in new[] { Foreign, Forward })
        {
            await using EverySetHost host = await StartAsync(Foreign, schemes: [scheme]);

            foreach (string scopes in new[] { "", ApiTokens.ManageScope })
            {
                IssuedToken token = await host.Host.IssueAsync(scopes, "other", SetOperation.User, TokenExpiry.After(TimeSpan.FromMinutes(1)));
                await AssertRefusedAsync(host, SetOperation.Of(name), token.Plaintext, $"{scheme}, scopes '{scopes}'");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task TokenOfTheSet_WhereASchemeForwardsToIt_ActsAsItself(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await StartAsync(operation.Set);

        await AssertActsAsItselfAsync(host, operation, (token, _) => host.SendAsync(operation, Proof.Token, token));
    }

    [TestMethod]
    [DynamicData(nameof(CreationsByOtherPlaces))]
    public async Task TokenOfTheSet_InAPlaceThatOnlyAnotherSchemeKnows_ActsAsItself(string name)
    {
        var operation = SetOperation.Of(name);
        foreach (string scheme in new[] { Own, Forward })
        {
            await using EverySetHost host = await StartAsync(Own, operation.Set, [scheme]);

            await AssertActsAsItselfAsync(host, operation, (token, headers) => host.SendAsync(operation, Proof.Cookie, "none=none", headers: headers));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task Token_ThatASchemeCannotVerifyNow_IsNotRefused(string name)
    {
        var operation = SetOperation.Of(name);
        foreach (string scheme in new[] { Foreign, Forward })
        {
            await using EverySetHost host = await StartAsync(Foreign, schemes: [scheme, EverySetHost.Cookie]);
            IssuedToken token = await host.Host.IssueAsync("", "other", SetOperation.User);
            host.Host.Store.IsDown = true;

            RawResponse answer = await host.SendAsync(operation, Proof.Bearer, token.Plaintext);

            Assert.AreEqual(503, answer.Status, $"{scheme}: {answer}");
            Assert.IsNotNull(answer.Header("Retry-After"), scheme);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task ClaimsOfATokenOfAnotherRealm_WithoutItsIdentity_AreRefused(string name)
    {
        await using EverySetHost host = await StartAsync(
            Foreign,
            services: static services => services.AddSingleton<IClaimsTransformation>(new Transformation(
                static principal => new ClaimsPrincipal(new ClaimsIdentity(principal.Claims, "copied")))));
        IssuedToken token = await host.Host.IssueAsync(ApiTokens.ManageScope, "other", SetOperation.User);

        await AssertRefusedAsync(host, SetOperation.Of(name), token.Plaintext, "copied claims");
    }

    [TestMethod]
    [DataRow(ApiTokenDefaults.TokenIdClaimType)]
    [DataRow(ApiTokenDefaults.RealmClaimType)]
    public async Task OneClaimOfAToken_InACallerOfTheHost_IsRefused(string claim)
    {
        foreach (SetOperation operation in SetOperation.Creations)
        {
            await using EverySetHost host = await StartAsync(
                Foreign,
                schemes: [JwtBearerDefaults.AuthenticationScheme],
                services: services => services.AddSingleton<IClaimsTransformation>(new Transformation(
                    principal => new ClaimsPrincipal(new ClaimsIdentity([.. principal.Claims, new Claim(claim, operation.Set)], "copied")))));

            await AssertRefusedAsync(host, operation, host.Jwt(), $"{operation}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task CallerOfTheHost_WithTheIdentityOfATokenOfAnotherRealm_IsRefused(string name)
    {
        var other = new Second();
        await using EverySetHost host = await StartAsync(Foreign, schemes: [JwtBearerDefaults.AuthenticationScheme], services: other.AddTo);
        other.Token = (await host.Host.IssueAsync(ApiTokens.ManageScope, "other", SetOperation.User)).Record;

        await AssertRefusedAsync(host, SetOperation.Of(name), host.Jwt(), "a JWT and a token");
    }

    [TestMethod]
    [DynamicData(nameof(CreationsByOtherPlaces))]
    public async Task SeveralTokens_InOneCaller_AreRefused(string name)
    {
        var operation = SetOperation.Of(name);
        var other = new Second();
        await using EverySetHost host = await StartAsync(Own, operation.Set, services: other.AddTo);
        IssuedToken caller = await host.IssueCallerAsync(operation);
        foreach (IssuedToken second in new[] { await host.Host.IssueAsync(ApiTokens.ManageScope, "other", SetOperation.User), await host.IssueCallerAsync(operation) })
        {
            other.Token = second.Record;
            string state = await host.StateAsync(operation.Set);

            RawResponse answer = await host.SendAsync(operation, Proof.Cookie, "none=none", headers: $"{OwnHeader}: {caller.Plaintext}");

            Assert.AreEqual(401, answer.Status, $"{second.Record.Realm}: {answer}");
            Assert.AreEqual(state, await host.StateAsync(operation.Set), second.Record.Realm);
        }
    }

    // All rights that a host can give.
    private static async Task<EverySetHost> StartAsync(
        string forwardTo,
        string ownRealm = "other",
        string[]? schemes = null,
        Action<IServiceCollection>? services = null)
    {
        EverySetHost host = await EverySetHost.StartAsync(
            collection =>
            {
                collection.AddAuthentication()
                    .AddApiToken(Foreign, "other")
                    .AddApiToken(Own, ownRealm, static scheme =>
                    {
                        scheme.Sources.Clear();
                        scheme.Sources.Add(new ApiTokenSource.Header(OwnHeader));
                    })
                    .AddPolicyScheme(Forward, null, policy => policy.ForwardDefault = forwardTo);
                services?.Invoke(collection);
            },
            schemes ?? [Forward]);
        host.Rights.Allow = static (_, _) => true;
        return host;
    }

    private static async Task AssertRefusedAsync(EverySetHost host, SetOperation operation, string credential, string what)
    {
        IssuedToken target = await host.IssueTargetAsync(operation);
        string state = await host.StateAsync(operation.Set);

        RawResponse answer = await host.SendAsync(operation, Proof.Bearer, credential, target);

        Assert.AreEqual(401, answer.Status, $"{what}: {answer}");
        Assert.Contains("invalid_token", answer.Header("WWW-Authenticate")!, what);
        Assert.AreEqual(state, await host.StateAsync(operation.Set), what);
        Assert.IsEmpty(host.Rights.Asked, what);

        // The next target has the same name.
        await host.Host.Tokens.DeleteAsync(operation.Set, target.Record.Id, SubjectFilter.Any);
    }

    private static async Task AssertActsAsItselfAsync(EverySetHost host, SetOperation operation, Func<string, string[], Task<RawResponse>> send)
    {
        IssuedToken powerless = await host.IssueCallerAsync(operation, scopes: ScopeSet.Create("read", "write"));
        IssuedToken caller = await host.IssueCallerAsync(operation, TokenExpiry.After(TimeSpan.FromMinutes(1)));
        string state = await host.StateAsync(operation.Set);

        RawResponse refused = await send(powerless.Plaintext, [$"{OwnHeader}: {powerless.Plaintext}"]);
        string stateAfterwards = await host.StateAsync(operation.Set);
        RawResponse made = await send(caller.Plaintext, [$"{OwnHeader}: {caller.Plaintext}"]);

        Assert.AreEqual((operation.RightsMissing, state), (refused.Status, stateAfterwards), refused.ToString());
        Assert.AreEqual(operation.Done, made.Status, made.ToString());
        ApiToken token = await host.ListAsync(operation.Set).SingleAsync(static token => token.Name == "made");
        Assert.AreEqual((caller.Record.Id, caller.Record.ExpiresAt), (token.IssuedBy, token.ExpiresAt));
        Assert.IsNotNull(token.ExpiresAt);
    }

    private sealed class Transformation(Func<ClaimsPrincipal, ClaimsPrincipal> transform) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(transform(principal));
    }

    /// <summary>Adds the identity of a token to every caller.</summary>
    private sealed class Second
    {
        public ApiToken? Token { get; set; }

        public void AddTo(IServiceCollection services) => services.AddSingleton<IClaimsTransformation>(new Transformation(
            principal => new ClaimsPrincipal([.. principal.Identities, new ApiTokenIdentity(Token!, "second", "second")])));
    }
}
