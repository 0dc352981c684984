using System.Text;
using System.Text.Json;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class InputTests
{
    private const string NoInteger = "The expiration_date must be an integer";

    [TestMethod]
    [DataRow("", "The body is empty")]
    [DataRow("\r\n\t", "The body is empty")]
    [DataRow(" ", "The body is not JSON at character 1")]
    [DataRow("null", "The body is not a JSON object")]
    [DataRow("[]", "The body is not a JSON object")]
    [DataRow("\"name\"", "The body is not a JSON object")]
    [DataRow("5", "The body is not a JSON object")]
    [DataRow("{\"name\":\"n\"", "The body is not JSON at character 11")]
    [DataRow("{\"name\":\"n\"}}", "The body is not JSON at character 12")]
    [DataRow("{name:\"n\"}", "The body is not JSON at character 1")]
    [DataRow("name=n", "The body is not JSON at character 1")]
    [DataRow("{}", "The name is required")]
    [DataRow("{\"Name\":\"n\"}", "The name is required")]
    [DataRow("{\"name\":null}", "The name must be a string")]
    [DataRow("{\"name\":5}", "The name must be a string")]
    [DataRow("{\"name\":[\"n\"]}", "The name must be a string")]
    [DataRow("{\"name\":\"\\ud800\"}", "The name must be a string")]
    [DataRow("{\"name\":\"\"}", "The name is empty")]
    [DataRow("{\"name\":\"\n\"}", "The name is empty")]
    [DataRow("{\"name\":\"n\",\"name\":5}", "The name must be a string")]
    public async Task AnyWrite_WithABodyWithoutAName_Answers400AndWritesNothing(string body, string text)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"kept"}""");
        string before = (await query.SendAsync("GET")).Text;

        foreach (string method in new[] { "POST", "PUT", "DELETE" })
        {
            Answer answer = await query.SendAsync(method, "", body);

            Assert.AreEqual((400, text, null), (answer.Status, answer.Text, answer.ContentType), method);
        }

        Assert.AreEqual(before, (await query.SendAsync("GET")).Text);
    }

    [TestMethod]
    [DataRow("\"active\":1", "The active must be true or false")]
    [DataRow("\"active\":\"true\"", "The active must be true or false")]
    [DataRow("\"active\":[]", "The active must be true or false")]
    [DataRow("\"write\":0", "The write must be true or false")]
    [DataRow("\"write\":{}", "The write must be true or false")]
    [DataRow("\"expiration_date\":\"32503680000\"", NoInteger)]
    [DataRow("\"expiration_date\":\"\"", NoInteger)]
    [DataRow("\"expiration_date\":1.5", NoInteger)]
    [DataRow("\"expiration_date\":32503680000.0", NoInteger)]
    [DataRow("\"expiration_date\":3e10", NoInteger)]
    [DataRow("\"expiration_date\":1e400", NoInteger)]
    [DataRow("\"expiration_date\":9223372036854775808", NoInteger)]
    [DataRow("\"expiration_date\":-9223372036854775809", NoInteger)]
    [DataRow("\"expiration_date\":true", NoInteger)]
    [DataRow("\"expiration_date\":[]", NoInteger)]
    public async Task CreateAndUpdate_WithAMemberOfAnotherType_Answer400AndWriteNothing(string member, string text)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"kept"}""");
        string before = (await query.SendAsync("GET")).Text;

        Answer created = await query.PostAsync($$"""{"name":"n",{{member}}}""");
        Answer updated = await query.PutAsync($$"""{"name":"kept",{{member}}}""");

        Assert.AreEqual((400, text), (created.Status, created.Text));
        Assert.AreEqual((400, text), (updated.Status, updated.Text));
        Assert.AreEqual(before, (await query.SendAsync("GET")).Text);
    }

    [TestMethod]
    [DataRow(255, true)]
    [DataRow(256, false)]
    [DataRow(10_000, false)]
    public async Task Create_WithALongName_IsRefusedBeyondTheRealmsLimit(int length, bool allowed)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        string name = string.Concat(Enumerable.Repeat("😀", length));

        Answer answer = await query.PostAsync($$"""{"name":"{{name}}"}""");

        Assert.AreEqual(allowed ? (201, "") : (400, "The name is not allowed"), (answer.Status, answer.Text));
        CollectionAssert.AreEqual(allowed ? new[] { name } : [], (await query.RowsAsync()).Select(row => row.Text("name")).ToArray());
    }

    [TestMethod]
    public async Task Create_WithNulInTheName_Answers400()
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.PostAsync("""{"name":"a\u0000b"}""");

        Assert.AreEqual((400, "The name is not allowed"), (answer.Status, answer.Text));
        Assert.IsEmpty(await query.RowsAsync());
    }

    [TestMethod]
    [DataRow("{\"name\":\"n\",\"updated_at\":5,\"\\ud800\":1}", "n")]
    [DataRow("{\"name\":5,\"name\":\"n\"}", "n")]
    [DataRow("\uFEFF{\"name\":\"n\"}", "n")]
    [DataRow("\n{\t\"na\u0001me\"\r\n:\"a\nb\u001fc\"}\u0000", "abc")]
    [DataRow("{\"name\":\"a\\nb\"}", "a\nb")]
    [DataRow("{\"name\":\" <b>'\\u00e9\\\" \"}", " <b>'é\" ")]
    public async Task Create_WithMoreThanIsKnown_TakesTheNameThatIsLeft(string body, string name)
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.PostAsync(body);

        Assert.AreEqual(201, answer.Status, answer.Text);
        Assert.AreEqual(name, (await query.RowAsync()).Text("name"));
    }

    [TestMethod]
    public async Task Create_WithBytesThatAreNoUtf8_Answers400()
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.Set.SendAsync("POST", QueryHost.Path, [.. "{\"name\":\""u8, 0xFF, .. "\"}"u8], query.Bearer);

        Assert.AreEqual((400, "The body is not JSON at character 0"), (answer.Status, answer.Text));
    }

    [TestMethod]
    [DataRow("Content-Type: application/x-www-form-urlencoded")]
    [DataRow("Content-Type: multipart/form-data; boundary=x")]
    [DataRow("Content-Type: text/plain")]
    [DataRow("Content-Type: application/json,application/json")]
    [DataRow("Content-Type: no type at all")]
    [DataRow("Transfer-Encoding: chunked")]
    public async Task AnyWrite_WhateverItsBodyIsLabelled_IsRead(string header)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        (string, string) label = (header.Split(": ")[0], header.Split(": ")[1]);

        Answer created = await query.Set.SendAsync("POST", QueryHost.Path, """{"name":"n"}""", query.Bearer, label);
        Answer updated = await query.Set.SendAsync("PUT", QueryHost.Path, """{"name":"n","write":false}""", query.Bearer, label);
        JsonElement row = await query.RowAsync();
        Answer deleted = await query.Set.SendAsync("DELETE", QueryHost.Path, """{"name":"n"}""", query.Bearer, label);

        Assert.AreEqual((201, 200, 200), (created.Status, updated.Status, deleted.Status));
        Assert.AreEqual(0, row.Number("write"));
        Assert.IsEmpty(await query.RowsAsync());
    }

    [TestMethod]
    [DataRow("Content-Length: 0")]
    [DataRow("X-No-Body: 1")]
    public async Task AnyWrite_WithoutABody_Answers400(string header)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        foreach (string method in new[] { "POST", "PUT", "DELETE" })
        {
            string response = await query.Host.SendRawAsync($"{method} {QueryHost.Path} HTTP/1.1", $"Authorization: Bearer {query.Admin.Plaintext}", header);

            Assert.StartsWith("HTTP/1.1 400 ", response);
            Assert.DoesNotContain("Content-Type", response);
            Assert.EndsWith("\r\n\r\nThe body is empty", response);
        }
    }

    [TestMethod]
    [DataRow(64 * 1024, false, 201)]
    [DataRow(64 * 1024, true, 201)]
    [DataRow((64 * 1024) + 1, false, 413)]
    [DataRow((64 * 1024) + 1, true, 413)]
    [DataRow(10_000_000, true, 413)]
    public async Task Create_WithALargeBody_IsRefusedBeyond64Kibibytes(int length, bool chunked, int expected)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes("""{"name":"n"}""".PadRight(length));

        Answer answer = await query.Set.SendAsync(
            "POST", QueryHost.Path, body, [query.Bearer, .. chunked ? [("Transfer-Encoding", "chunked")] : Array.Empty<(string, string)>()]);

        Assert.AreEqual((expected, expected == 201 ? "" : "413 Payload Too Large", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.HasCount(expected == 201 ? 1 : 0, await query.RowsAsync());
    }
}
