using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>The caller that a token makes, and what a host's claims transformation may do to it.</summary>
[TestClass]
public sealed class PrincipalTests
{
    private static readonly string[] Transformed = ["added|1|0"];

    [TestMethod]
    public async Task Principal_OfAToken_SaysWhatTheTokenIs()
    {
        await using TestHost host = await StartAsync(context =>
            string.Join('\n', [
                $"{context.User.Identity!.AuthenticationType} {context.User.Identity.Name} {context.User.Identity.IsAuthenticated}",
                .. context.User.Claims.Select(claim => $"{claim.Type} = {claim.Value} by {claim.Issuer}, {claim.Subject == context.User.Identity}")]));
        IssuedToken token = await host.IssueAsync("read write");
        using HttpResponseMessage response = await host.GetAsync("/", token.Plaintext);
        Assert.AreEqual(
            $"""
            ApiToken 1001 True
            {ClaimTypes.NameIdentifier} = 1001 by ApiToken, True
            tokenkit:id = {token.Record.Id} by ApiToken, True
            tokenkit:realm = api by ApiToken, True
            tokenkit:kind = pat by ApiToken, True
            scope = read by ApiToken, True
            scope = write by ApiToken, True
            """,
            await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Principal_OfATokenOfNobody_HasNoSubjectAndNoName()
    {
        await using TestHost host = await StartAsync(context =>
            $"{context.User.Identity!.IsAuthenticated} {context.User.Identity.Name is null} {context.User.FindFirst(ClaimTypes.NameIdentifier) is null}");
        IssuedToken token = await host.IssueAsync(subject: "");
        using HttpResponseMessage response = await host.GetAsync("/", token.Plaintext);
        Assert.AreEqual("True True True", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task GetApiToken_ForTheUserOfAToken_IsTheToken()
    {
        await using TestHost host = await StartAsync(context =>
        {
            ApiToken? token = context.GetApiToken();
            context.User = new ClaimsPrincipal(context.User.Identities.Select(identity => identity.Clone()));
            return $"{token?.Id} {ReferenceEquals(token, context.GetApiToken())}";
        });
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage known = await host.GetAsync("/", token.Plaintext);
        using HttpResponseMessage anonymous = await host.SendAsync(HttpMethod.Get, "/");
        Assert.AreEqual($"{token.Record.Id} True", await known.Content.ReadAsStringAsync());
        Assert.AreEqual(" True", await anonymous.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task ClaimsTransformation_ThatMutatesWhatItGets_LeavesNothingBehind()
    {
        await using TestHost host = await StartAsync(
            context => string.Join(',', context.User.FindAll("mark").Select(claim =>
                $"{claim.Value}|{context.User.FindAll("mark").Count()}|{context.User.FindAll("scope").Count()}")),
            services => services.AddTransient<IClaimsTransformation, MutatingTransformation>());
        IssuedToken token = await host.IssueAsync("read write");
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using HttpResponseMessage response = await host.GetAsync("/", token.Plaintext);
            return $"{await response.Content.ReadAsStringAsync()}{(response.Status() == 200 ? "" : response.StatusCode)}";
        }));
        CollectionAssert.AreEqual(Transformed, answers.Distinct(StringComparer.Ordinal).ToArray());
    }

    private static Task<TestHost> StartAsync(Func<HttpContext, string> show, Action<IServiceCollection>? configure = null) => TestHost.StartAsync(
        services =>
        {
            services.AddAuthentication().AddApiToken("api");
            configure?.Invoke(services);
        },
        app => app.MapGet("/", show));

    /// <summary>Does to an identity and its claims whatever can be done, and fails when it meets its own traces.</summary>
    private sealed class MutatingTransformation : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var identity = (ClaimsIdentity)principal.Identity!;
            if (identity.Label is not null || identity.HasClaim("mark", "added") || identity.Claims.Any(claim => claim.Properties.Count > 0))
            {
                throw new InvalidOperationException("Another request left something behind.");
            }

            identity.Label = "seen";
            identity.AddClaim(new Claim("mark", "added"));
            foreach (Claim claim in identity.Claims)
            {
                claim.Properties["seen"] = "yes";
            }

            foreach (Claim scope in identity.FindAll("scope").ToArray())
            {
                identity.RemoveClaim(scope);
            }

            return Task.FromResult(principal);
        }
    }
}
