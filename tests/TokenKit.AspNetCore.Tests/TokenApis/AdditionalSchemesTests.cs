using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A set that names a scheme which the host does not have keeps it from starting.</summary>
[TestClass]
public sealed class AdditionalSchemesTests
{
    [TestMethod]
    [DataRow("Amove")]
    [DataRow("Query")]
    [DataRow("Canvus")]
    [DataRow("VirtuousAI")]
    public async Task Scheme_ThatTheHostDoesNotHave_IsRefusedAtStart(string product)
    {
        InvalidOperationException exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => StartAsync(product, "cookies"));

        Assert.Contains($"Add{product}Tokens(\"set\"): AdditionalSchemes names the authentication scheme 'cookies'", exception.Message);
        Assert.Contains("'Cookies'", exception.Message);
    }

    [TestMethod]
    [DataRow("Amove")]
    [DataRow("Query")]
    [DataRow("Canvus")]
    [DataRow("VirtuousAI")]
    public Task Scheme_ThatTheHostHas_IsAccepted(string product) => StartAsync(product, CookieAuthenticationDefaults.AuthenticationScheme);

    private static async Task StartAsync(string product, string scheme)
    {
        await using SetHost host = await SetHost.StartAsync(
            services =>
            {
                TokenKitBuilder builder = services.AddTokenKit();
                _ = product switch
                {
                    "Amove" => builder.AddAmoveTokens("set", options => options.AdditionalSchemes.Add(scheme)),
                    "Query" => builder.AddQueryTokens("set", options => options.AdditionalSchemes.Add(scheme)),
                    "Canvus" => builder.AddCanvusTokens("set", options => options.AdditionalSchemes.Add(scheme)),
                    _ => builder.AddVirtuousAITokens("set", options => options.AdditionalSchemes.Add(scheme)),
                };

                // Added after the set, as hosts do.
                services.AddAuthentication().AddCookie();
            },
            static _ => { });
    }
}
