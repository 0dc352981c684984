using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CredentialTests
{
    private const string Missing = """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication is required."}""";
    private const string Refused = """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The credential is not valid."}""";
    private const string BareChallenge = "Bearer realm=\"vai\"";
    private const string RefusedChallenge = "Bearer realm=\"vai\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    [TestMethod]
    [DataRow("GET", "?limit=abc", null)]
    [DataRow("POST", "", "{")]
    [DataRow("DELETE", "?exclude_current=maybe", null)]
    [DataRow("GET", "/no-uuid", null)]
    [DataRow("DELETE", "/no-uuid", null)]
    public async Task AnyOperation_WithoutCredential_Answers401BeforeItLooksAtTheInput(string method, string suffix, string? body)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync(method, VaiHost.Path + suffix, body, []);

        AssertUnauthorized(answer, Missing, BareChallenge);
        Assert.AreEqual(1, await vai.CountAsync());
    }

    [TestMethod]
    [DataRow("Authorization", "")]
    [DataRow("Authorization", "Basic dmFpOnRva2Vu")]
    [DataRow("Authorization", "Bearers vai_pat_x")]
    [DataRow("X-API-Key", "")]
    [DataRow("Cookie", "vai_token=")]
    [DataRow("Cookie", "VAI_TOKEN_OTHER=x")]
    public async Task List_WithWhatIsNoCredential_Answers401WithABareChallenge(string name, string value)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        AssertUnauthorized(await vai.SendAsync("GET", VaiHost.Path, null, (name, value)), Missing, BareChallenge);
    }

    [TestMethod]
    [DataRow("Authorization", "Bearer")]
    [DataRow("Authorization", "Bearer !")]
    [DataRow("Authorization", "Bearer vai_pat_tooshort")]
    [DataRow("X-API-Key", "vai_pat_tooshort")]
    [DataRow("Cookie", "vai_token=vai_pat_tooshort")]
    [DataRow("Cookie", "vai_token=%00")]
    public async Task List_WithAMalformedCredential_Answers401(string name, string value)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        AssertUnauthorized(await vai.SendAsync("GET", VaiHost.Path, null, (name, value)), Refused, RefusedChallenge);
    }

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
    [DataRow(true, false, 200)]
    [DataRow(false, true, 401)]
    public async Task List_WithTwoCredentials_GoesByTheFirstPlaceOnly(bool firstIsGood, bool secondIsGood, int expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        string Credential(bool good) => good ? vai.Session.Plaintext : "bad";

        Answer header = await vai.SendAsync("GET", VaiHost.Path, null, ("Authorization", $"Bearer {Credential(firstIsGood)}"), ("X-API-Key", Credential(secondIsGood)));
        Answer cookie = await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", Credential(firstIsGood)), ("Cookie", $"vai_token={Credential(secondIsGood)}"));

        Assert.AreEqual((expected, expected), (header.Status, cookie.Status));
    }

    [TestMethod]
    [DataRow("Authorization", "Basic dmFpOnRva2Vu")]
    [DataRow("Authorization", "")]
    public async Task List_WithAnAuthorizationOfAnotherKind_GoesByTheNextPlace(string name, string value)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", VaiHost.Path, null, (name, value), ("X-API-Key", vai.Session.Plaintext));

        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task List_WithTwoAuthorizationLines_Answers401()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        string line = $"Authorization: Bearer {vai.Session.Plaintext}";

        string response = await vai.Host.SendRawAsync($"GET {VaiHost.Path} HTTP/1.1", line, line);

        Assert.StartsWith("HTTP/1.1 401 ", response);
        Assert.Contains(Refused, response);
    }

    [TestMethod]
    public async Task AnyOperation_ByATokenWithoutTheScope_Answers403()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken reader = await vai.IssueAsync("reader", scopes: ScopeSet.Create("models:read"));
        foreach ((string method, string suffix) in new[] { ("GET", ""), ("POST", ""), ("DELETE", ""), ("GET", $"/{reader.Record.Id}"), ("DELETE", $"/{reader.Record.Id}") })
        {
            Answer answer = await vai.SendAsync(method, VaiHost.Path + suffix, null, ("X-API-Key", reader.Plaintext));

            AssertForbidden(answer, $"{method} {suffix}");
        }

        Assert.AreEqual(2, await vai.CountAsync());
    }

    [TestMethod]
    public async Task List_ByATokenThatBelongsToNobody_Answers403()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken nobodys = await vai.IssueAsync("nobody's", subject: "");

        AssertForbidden(await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", nobodys.Plaintext)), "nobody");
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

    private static void AssertForbidden(Answer answer, string what)
    {
        Assert.AreEqual(403, answer.Status, what);
        Assert.AreEqual("application/problem+json", answer.ContentType, what);
        Assert.AreEqual(
            """{"type":"about:blank","title":"Forbidden","status":403,"detail":"The credential does not allow access tokens to be managed."}""",
            answer.Text,
            what);
    }
}
