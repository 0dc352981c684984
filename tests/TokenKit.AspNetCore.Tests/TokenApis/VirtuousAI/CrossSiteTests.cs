namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CrossSiteTests
{
    [TestMethod]
    [DataRow(201, "Content-Type: application/json")]
    [DataRow(201, "Content-Type: application/json; charset=utf-8")]
    [DataRow(403, "Content-Type: ")]
    [DataRow(403, "Content-Type: text/plain")]
    [DataRow(403, "Content-Type: application/x-www-form-urlencoded")]
    [DataRow(403, "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")]
    [DataRow(403, "Content-Type: application/json", "Sec-Fetch-Site: cross-site")]
    [DataRow(403, "Content-Type: application/json", "Sec-Fetch-Site: same-site")]
    [DataRow(403, "Content-Type: application/json", "Origin: https://evil.example")]
    [DataRow(403, "Content-Type: application/json", "Origin: null")]
    [DataRow(201, "Content-Type: application/json", "Sec-Fetch-Site: same-origin")]
    [DataRow(201, "Content-Type: application/json", "Sec-Fetch-Site: none")]
    [DataRow(201, "Content-Type: ", "Sec-Fetch-Site: same-origin")]
    [DataRow(201, "Content-Type: application/json", "Origin: {self}")]
    [DataRow(201, "Content-Type: ", "Origin: {self}")]
    public async Task Create_WithACookie_IsRefusedUnlessItComesFromTheHostsOwnPages(int expected, params string[] headers)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        string self = vai.Host.Address.GetLeftPart(UriPartial.Authority);

        Answer answer = await vai.SendAsync(
            "POST",
            VaiHost.Path,
            """{"name":"n"}""",
            [("Cookie", $"vai_token={vai.Session.Plaintext}"), .. headers.Select(header => header.Replace("{self}", self, StringComparison.Ordinal).Split(": ", 2)).Select(parts => (parts[0], parts[1]))]);

        Assert.AreEqual(expected, answer.Status, answer.Text);
        Assert.AreEqual(expected == 201 ? 2 : 1, await vai.CountAsync());
        if (expected == 403)
        {
            Assert.AreEqual("""{"type":"about:blank","title":"Forbidden","status":403,"detail":"The request may have been made by another site."}""", answer.Text);
            Assert.AreEqual("application/problem+json", answer.ContentType);
        }
    }

    [TestMethod]
    public async Task RevokeAll_WithACookieFromAnotherSite_RevokesNothing()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        await vai.IssueAsync("kept");

        Answer answer = await vai.SendAsync("DELETE", VaiHost.Path, null, ("Cookie", $"vai_token={vai.Session.Plaintext}"), ("Sec-Fetch-Site", "cross-site"));

        Assert.AreEqual(403, answer.Status);
        Assert.AreEqual(2, (await vai.SendAsync("GET", VaiHost.Path)).Json.GetProperty("items").GetArrayLength());
    }

    [TestMethod]
    public async Task List_WithACookieFromAnotherSite_IsServed()
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", VaiHost.Path, null, ("Cookie", $"vai_token={vai.Session.Plaintext}"), ("Sec-Fetch-Site", "cross-site"));

        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    [TestMethod]
    [DataRow("Authorization", "Bearer ")]
    [DataRow("X-API-Key", "")]
    public async Task Create_WithACredentialThatNoBrowserAttaches_IsServedFromAnywhere(string name, string before)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync(
            "POST", VaiHost.Path, """{"name":"n"}""", (name, before + vai.Session.Plaintext), ("Origin", "https://app.example"), ("Sec-Fetch-Site", "cross-site"));

        Assert.AreEqual(201, answer.Status, answer.Text);
    }
}
