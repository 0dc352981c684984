using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CredentialTests
{
    private const string Refused = """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The credential is not valid."}""";
    private const string RefusedChallenge = "Bearer realm=\"vai\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    [TestMethod]
    public async Task List_WithACredentialThatIsNotValid_AnswersAlikeWhateverTheReason()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services =>
            services.AddTokenKit().AddRealm("twin", realm => realm.Prefix = "vai_pat"));
        IssuedToken revoked = await vai.IssueAsync("revoked");
        IssuedToken expired = await vai.IssueAsync("expired", expiry: TokenExpiry.After(TimeSpan.FromMilliseconds(1)));
        IssuedToken suspended = await vai.IssueAsync("suspended");
        await vai.Host.RevokeAsync(revoked);
        await vai.Host.Tokens.UpdateAsync(new UpdateRequest(VaiHost.Realm, suspended.Record.Id, SubjectFilter.Any) { Suspended = true });
        var credentials = new Dictionary<string, string>
        {
            ["huge"] = new('a', 10_000),
            ["revoked"] = revoked.Plaintext,
            ["expired"] = expired.Plaintext,
            ["suspended"] = suspended.Plaintext,
            ["another realm's"] = (await vai.IssueAsync("foreign", "pat", realm: "twin")).Plaintext,
            ["a true id with a forged secret"] = ForgedToken.Mix(vai.Session.Plaintext, revoked.Plaintext),
            ["a revoked id with a forged secret"] = ForgedToken.Mix(revoked.Plaintext, vai.Session.Plaintext),
        };

        foreach ((string what, string credential) in credentials)
        {
            foreach ((string, string) header in new[] { ("Authorization", $"Bearer {credential}"), ("X-API-Key", credential), ("Cookie", $"vai_token={credential}") })
            {
                AssertUnauthorized(await vai.SendAsync("GET", VaiHost.Path, null, header), Refused, RefusedChallenge, what);
            }
        }
    }

    [TestMethod]
    public async Task Log_OfRefusedAndServedRequests_HoldsNoCredential()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        Answer created = await vai.SendAsync("POST", VaiHost.Path, """{"name":"n"}""");
        string plaintext = created.Json.GetProperty("plaintext").GetString()!;
        await vai.SendAsync("GET", VaiHost.Path, null, ("Cookie", $"vai_token={plaintext}"));

        // The last 49 characters are the secret and its checksum.
        foreach (string secret in new[] { plaintext[^49..], vai.Session.Plaintext[^49..] })
        {
            Assert.IsFalse(vai.Host.Logs.Lines.Any(line => line.Contains(secret, StringComparison.Ordinal)));
        }
    }

    private static void AssertUnauthorized(Answer answer, string body, string challenge, string what = "")
    {
        Assert.AreEqual(401, answer.Status, what);
        Assert.AreEqual(body, answer.Text, what);
        Assert.AreEqual("application/problem+json", answer.ContentType, what);
        Assert.AreEqual(challenge, answer.Header("WWW-Authenticate"), what);
        Assert.AreEqual("no-store", answer.Header("Cache-Control"), what);
    }
}
