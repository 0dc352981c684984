using System.Text.RegularExpressions;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed partial class OperationTests
{
    [TestMethod]
    public async Task Get_ByEitherFormOfTheId_ShowsRevokedTokensToo()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken token = await vai.IssueAsync("gone");
        await vai.Host.RevokeAsync(token);

        Answer hyphenated = await vai.SendAsync("GET", $"{VaiHost.Path}/{token.Record.Id:D}");
        Answer plain = await vai.SendAsync("GET", $"{VaiHost.Path}/{token.Record.Id.ToString("N").ToUpperInvariant()}");

        Assert.AreEqual(200, hyphenated.Status);
        Assert.AreEqual(hyphenated.Text, plain.Text);
        Assert.AreEqual(token.Record.Id.ToString(), hyphenated.Json.GetProperty("id").GetString());
        Assert.MatchesRegex(Rfc3339(), hyphenated.Json.GetProperty("revokedAt").GetString()!);
    }

    [GeneratedRegex("""^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$""")]
    private static partial Regex Rfc3339();
}
