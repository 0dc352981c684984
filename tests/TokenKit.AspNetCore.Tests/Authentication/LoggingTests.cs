using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>No log line of TokenKit holds a credential, at any level.</summary>
[TestClass]
public sealed class LoggingTests
{
    [TestMethod]
    public async Task Log_AtTraceLevel_HoldsNoCredential()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication().AddApiToken("api", options =>
            {
                options.Sources.Add(new ApiTokenSource.Header("X-API-Key"));
                options.Sources.Add(new ApiTokenSource.Query("token"));
            }),
            app => app.MapGet("/me", () => "").RequireAllScopes("read"));
        IssuedToken good = await host.IssueAsync("read");
        IssuedToken revoked = await host.IssueAsync("read");
        await host.RevokeAsync(revoked);
        string[] credentials = [good.Plaintext, revoked.Plaintext, ForgedToken.Mix(good.Plaintext, revoked.Plaintext), "a-credential-that-is-no-token-at-all"];
        foreach (string credential in credentials)
        {
            using HttpResponseMessage header = await host.GetAsync("/me", credential);
            using HttpResponseMessage malformed = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", $"Bearer {credential} {credential}"));
            using HttpResponseMessage several = await host.SendAsync(HttpMethod.Get, $"/me?token={credential}", ("X-API-Key", credential));
        }

        host.Store.IsDown = true;
        using HttpResponseMessage unavailable = await host.GetAsync("/me", good.Plaintext);
        Assert.AreEqual(503, unavailable.Status());

        // The framework logs request lines; those categories are the host's to silence, and not looked at here.
        string[] ours = [.. host.Logs.GetSnapshot().Where(record => record.Category!.StartsWith("TokenKit", StringComparison.Ordinal)).Select(record => record.ToLine())];
        foreach (int expected in new[] { 1000, 1001, 1002 })
        {
            Assert.IsTrue(ours.Any(line => line.StartsWith($"{expected} ", StringComparison.Ordinal)), $"Nothing was logged with the id {expected}.");
        }

        foreach (string credential in credentials)
        {
            Assert.IsFalse(
                ours.Any(line => line.Contains(credential, StringComparison.Ordinal) || line.Contains(credential[^24..^6], StringComparison.Ordinal)),
                "A credential was logged.");
        }
    }
}
