using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

[TestClass]
public sealed class InputTests
{
    [TestMethod]
    [DataRow("2037-01-01T00:00:00Z", "2037-01-01T00:00:00Z")]
    [DataRow("2037-01-01T00:00:00.000Z", "2037-01-01T00:00:00Z", DisplayName = "JavaScript")]
    [DataRow("2037-01-01T00:00:00.123456+00:00", "2037-01-01T00:00:00Z", DisplayName = "Python")]
    [DataRow("2037-01-01T00:00:00.1234567Z", "2037-01-01T00:00:00Z", DisplayName = ".NET")]
    [DataRow("2037-01-01T00:00:00", "2037-01-01T00:00:00Z", DisplayName = "no zone")]
    [DataRow("2037-01-01T01:30:00.5+01:30", "2037-01-01T00:00:00Z")]
    [DataRow("2036-12-31T12:00:00-12:00", "2037-01-01T00:00:00Z")]
    [DataRow("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59Z")]
    public async Task Insert_WithADateOfAnyClient_AnswersItInUtc(string date, string expected)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        Answer answer = await amove.InsertAsync(AmoveHost.Jwt(), $$"""{"title":"t","expirationDate":"{{date}}"}""");

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual(expected, answer.Json.GetProperty("expirationDate").GetString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("\"title\"")]
    [DataRow("5")]
    [DataRow("{\"title\":\"t\"")]
    [DataRow("title=t")]
    [DataRow("{}")]
    [DataRow("{\"Title\":\"t\"}")]
    [DataRow("{\"title\":null}")]
    [DataRow("{\"title\":5}")]
    [DataRow("{\"title\":[]}")]
    [DataRow("{\"title\":\"\"}")]
    [DataRow("{\"title\":\" \\t\\u00a0\"}")]
    [DataRow("{\"title\":\"\\ud800\"}")]
    [DataRow("{\"title\":\"a\\u0000b\"}")]
    [DataRow("{\"title\":\"t\",\"title\":\"\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":5}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":1e400}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":true}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":{}}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"tomorrow\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"\\ud800\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"2037-13-01T00:00:00Z\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"2037-02-29T00:00:00Z\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"01/02/2037 00:00:00\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"2037-01-01\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"0001-01-01T00:00:00Z\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"0001-01-01T00:00:00+14:00\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"9999-12-31T23:59:59-01:00\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"10000-01-01T00:00:00Z\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":\"2026-01-01T00:00:00Z\"}")]
    public async Task Insert_WithWrongInput_AnswersDefaultAndWritesNothing(string body)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        (await amove.InsertAsync(AmoveHost.Jwt(), body)).AssertError(499, "DEFAULT", body);

        Assert.AreEqual(0, await amove.Set.CountAsync(AmoveHost.Realm));
    }

    [TestMethod]
    [DataRow(255, 200)]
    [DataRow(256, 499)]
    [DataRow(10_000, 499)]
    public async Task Insert_WithALongTitle_IsRefusedBeyondTheRealmsLimit(int length, int expected)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        string title = string.Concat(Enumerable.Repeat("😀", length));

        Answer answer = await amove.InsertAsync(AmoveHost.Jwt(), $$"""{"title":"{{title}}"}""");

        Assert.AreEqual(expected, answer.Status);
        Assert.AreEqual(expected == 200 ? title : "DEFAULT", answer.Json.GetProperty(expected == 200 ? "title" : "type").GetString());
    }

    [TestMethod]
    [DataRow("{\"title\":\" a'\\\"/<b>\\n\"}", " a'\"/<b>\n")]
    [DataRow("{\"title\":5,\"title\":\"t\",\"\\ud800\":1}", "t")]
    [DataRow("\uFEFF{\"title\":\"t\"}", "t")]
    public async Task Insert_WithAnUnusualTitle_EchoesIt(string body, string title)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        Answer answer = await amove.InsertAsync(AmoveHost.Jwt(), body);

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual(title, answer.Json.GetProperty("title").GetString());
    }

    [TestMethod]
    [DataRow("Content-Type: application/x-www-form-urlencoded")]
    [DataRow("Content-Type: multipart/form-data; boundary=x")]
    [DataRow("Content-Type: application/json,application/json")]
    [DataRow("X-No-Type: 1")]
    [DataRow("Transfer-Encoding: chunked")]
    public async Task Insert_WhateverItsBodyIsLabelled_IsRead(string header)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        string[] parts = header.Split(": ");

        Answer answer = await amove.Set.SendAsync("POST", $"{AmoveHost.Path}/insert?token={AmoveHost.Jwt()}", """{"title":"t"}""", (parts[0], parts[1]));

        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    [TestMethod]
    [DataRow(64 * 1024, 200)]
    [DataRow((64 * 1024) + 1, 499)]
    [DataRow(10_000_000, 499)]
    public async Task Insert_WithALargeBody_IsRefusedBeyond64Kibibytes(int length, int expected)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes("""{"title":"t"}""".PadRight(length));

        Answer answer = await amove.Set.SendAsync("POST", $"{AmoveHost.Path}/insert?token={AmoveHost.Jwt()}", body, ("Transfer-Encoding", "chunked"));

        Assert.AreEqual(expected, answer.Status, answer.Text);
        if (expected == 499)
        {
            answer.AssertError(499, "DEFAULT");
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("&id=")]
    [DataRow("&id=1")]
    [DataRow("&id=0190163d8694739baea5966c26f8ad90")]
    [DataRow("&id=%7B0190163d-8694-739b-aea5-966c26f8ad90%7D")]
    [DataRow("&id=0190163d-8694-739b-aea5-966c26f8ad9g")]
    [DataRow("&ID=0190163d-8694-739b-aea5-966c26f8ad90")]
    public async Task Delete_WithoutAUuid_AnswersDefault(string more)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        (await amove.SendAsync("DELETE", "delete", AmoveHost.Jwt(), more: more)).AssertError(499, "DEFAULT");
    }

    [TestMethod]
    public async Task Delete_WithABody_IgnoresIt()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        IssuedToken token = await amove.IssueAsync();

        Answer answer = await amove.SendAsync("DELETE", "delete", AmoveHost.Jwt(), "{", $"&id={token.Record.Id}");

        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task Insert_BeyondTheLimitsOfTheHost_AnswersDefault()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(services => services.AddTokenKit().AddRealm(AmoveHost.Realm, realm =>
        {
            realm.MaximumLifetime = TimeSpan.FromDays(1);
            realm.MaximumLivingTokens = 1;
            realm.UniqueNames = true;
        }));
        string jwt = AmoveHost.Jwt();

        (await amove.InsertAsync(jwt, """{"title":"t","expirationDate":"2037-01-01T00:00:00Z"}""")).AssertError(499, "DEFAULT", "lifetime");
        Assert.AreEqual(200, (await amove.InsertAsync(jwt, """{"title":"t"}""")).Status);
        (await amove.InsertAsync(jwt, """{"title":"other"}""")).AssertError(499, "DEFAULT", "cap");
        (await amove.InsertAsync(jwt, """{"title":"t"}""")).AssertError(499, "DEFAULT", "title");
    }
}
