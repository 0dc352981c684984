using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>A scheme that could authenticate nobody keeps the host from starting.</summary>
[TestClass]
public sealed class StartUpTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("nowhere")]
    public async Task Realm_ThatWasNotAdded_IsRefusedAtStart(string realm)
    {
        OptionsValidationException exception = await AssertRefusedAsync(builder => builder.AddApiToken("tokens", realm));
        Assert.Contains($"scheme 'tokens': there is no realm '{realm}'", exception.Message);
    }

    [TestMethod]
    public async Task Sources_WhenThereAreNone_AreRefusedAtStart() =>
        Assert.Contains("Sources is empty", (await AssertRefusedAsync(builder => builder.AddApiToken("api", options => options.Sources.Clear()))).Message);

    [TestMethod]
    public async Task Source_WithoutAName_IsRefusedAtStart() =>
        Assert.Contains(
            "a source has no name",
            (await AssertRefusedAsync(builder => builder.AddApiToken("api", options => options.Sources.Add(new ApiTokenSource.Cookie(" "))))).Message);

    [TestMethod]
    public async Task Source_OfTheAuthorizationHeaderAsAPlainHeader_IsRefusedAtStart() =>
        Assert.Contains(
            "AuthorizationBearer",
            (await AssertRefusedAsync(builder => builder.AddApiToken("api", options => options.Sources.Add(new ApiTokenSource.Header("authorization"))))).Message);

    private static async Task<OptionsValidationException> AssertRefusedAsync(Action<AuthenticationBuilder> configure) =>
        await Assert.ThrowsExactlyAsync<OptionsValidationException>(async () =>
        {
            await using TestHost host = await TestHost.StartAsync(services => configure(services.AddAuthentication()), _ => { });
        });
}
