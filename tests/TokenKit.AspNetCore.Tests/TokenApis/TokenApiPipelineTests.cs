using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.TokenApis;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>The shared piece under a dialect unlike any that is built: without bodies, and with 404 for a wrong method.</summary>
[TestClass]
public sealed class TokenApiPipelineTests
{
    [TestMethod]
    public async Task EmptyAnswer_WhereTheHostFillsEmptyAnswers_StaysEmpty()
    {
        await using TestHost host = await StartAsync(static _ => Task.FromResult(new TokenApiResponse(StatusCodes.Status418ImATeapot)));
        IssuedToken token = await host.IssueAsync();

        using HttpResponseMessage anonymous = await host.SendAsync(HttpMethod.Get, "/set");
        using HttpResponseMessage teapot = await host.GetAsync("/set", token.Plaintext);
        using HttpResponseMessage elsewhere = await host.SendAsync(HttpMethod.Get, "/elsewhere");

        Assert.AreEqual((401, ""), (anonymous.Status(), await anonymous.Content.ReadAsStringAsync()));
        Assert.AreEqual("Bearer realm=\"api\"", anonymous.Challenge());
        Assert.AreEqual((418, ""), (teapot.Status(), await teapot.Content.ReadAsStringAsync()));
        Assert.AreNotEqual("", await elsewhere.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task WrongMethod_ThatTheDialectAnswersWith404_HasNoAllow()
    {
        await using TestHost host = await StartAsync(static _ => Task.FromResult(new TokenApiResponse(StatusCodes.Status200OK)));

        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Put, "/set");

        Assert.AreEqual(404, response.Status());
        Assert.IsFalse(response.Content.Headers.Contains("Allow"));
    }

    [TestMethod]
    public async Task Headers_OfAnAnswer_AreSentWithIt()
    {
        await using TestHost host = await StartAsync(static _ => Task.FromResult(new TokenApiResponse(StatusCodes.Status200OK).With("error-code", "A").With("X-Other", "B")));
        IssuedToken token = await host.IssueAsync();

        using HttpResponseMessage response = await host.GetAsync("/set", token.Plaintext);

        Assert.AreEqual(("A", "B", "no-store"), (response.Header("error-code"), response.Header("X-Other"), response.CacheControl()));
    }

    private static Task<TestHost> StartAsync(TokenApiOperation operation)
    {
        var teapot = new TokenApiDefinition<TeapotOptions>
        {
            Product = "Teapot",
            Routes = [new TokenApiRoute("GET", "", operation) { Name = "brewTea", Summary = "Brews tea.", Responses = [] }],
            Dialect = new TokenApiDialect(Mute, static _ => null, []),
            AdditionalSchemes = static _ => [],
            Rights = static _ => ValueTask.FromResult(true),
            Realm = static _ => { },
        };
        return TestHost.StartAsync(
            services =>
            {
                services.AddProblemDetails();
                teapot.AddTo(services.AddTokenKit(), "api", configure: null);
            },
            app =>
            {
                app.UseStatusCodePages();
                teapot.MapTo(app, "api", "/set");
            });
    }

    private static TokenApiResponse Mute(TokenApiOutcome outcome) => new(outcome switch
    {
        TokenApiOutcome.UnknownPath or TokenApiOutcome.WrongMethod => StatusCodes.Status404NotFound,
        TokenApiOutcome.CredentialMissing or TokenApiOutcome.CredentialRefused => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status500InternalServerError,
    });

#pragma warning disable CA1812 // Options make it.
    private sealed class TeapotOptions;
#pragma warning restore CA1812
}
