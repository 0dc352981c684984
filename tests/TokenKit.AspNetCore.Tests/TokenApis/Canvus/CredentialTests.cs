using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

[TestClass]
public sealed class CredentialTests
{
    private const string Unauthorized = """{"msg":"401 Unauthorized","message":"401 Unauthorized"}""";
    private const string RefusedChallenge = "Bearer realm=\"canvus\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    [TestMethod]
    public async Task List_WithACredentialThatIsNotValid_AnswersAlikeWhateverTheReason()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services => services.AddTokenKit().AddCanvusTokens("twin"));
        IssuedToken revoked = await canvus.IssueAsync("revoked", "1001");
        IssuedToken suspended = await canvus.IssueAsync("suspended", "1001");
        await canvus.Host.RevokeAsync(revoked);
        await canvus.Host.Tokens.UpdateAsync(new UpdateRequest(CanvusHost.Realm, suspended.Record.Id, SubjectFilter.Any) { Suspended = true });
        foreach (string credential in new[]
        {
            "x",
            new string('a', 10_000),
            "W1bns7ZYuN_u7fQTR3i6L0JopiRCGsbNjXRw7Z-yX0E",
            revoked.Plaintext,
            suspended.Plaintext,
            (await canvus.IssueAsync("another realm's", "1001", realm: "twin")).Plaintext,
            ForgedToken.Mix(canvus.User.Plaintext, revoked.Plaintext),
            ForgedToken.Mix(revoked.Plaintext, canvus.User.Plaintext),
        })
        {
            AssertUnauthorized(await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, ("Private-Token", credential)), RefusedChallenge);
        }
    }

    [TestMethod]
    public async Task Log_OfRefusedAndServedRequests_HoldsNoCredential()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Answer created = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), """{"description":"d"}""");
        string plaintext = created.Json.GetProperty("plain_token").GetString()!;
        await canvus.SendAsync("GET", CanvusHost.PathOf("1001", TokenIdText.Write(canvus.User.Record.Id)), null, ("Private-Token", plaintext));

        // The last 49 characters are the secret and its checksum.
        foreach (string secret in new[] { plaintext[^49..], canvus.User.Plaintext[^49..] })
        {
            Assert.IsFalse(canvus.Host.Logs.Lines.Any(line => line.Contains(secret, StringComparison.Ordinal)));
        }
    }

    private static void AssertUnauthorized(Answer reply, string challenge)
    {
        Assert.AreEqual((401, Unauthorized, "application/json"), (reply.Status, reply.Text, reply.ContentType));
        Assert.AreEqual((challenge, "no-store"), (reply.Header("WWW-Authenticate"), reply.Header("Cache-Control")));
    }
}
