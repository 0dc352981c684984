using System.Text;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class InputTests
{
    private const string NoInteger = "The expiration_date must be an integer";

    [TestMethod]
    [DataRow("\"expiration_date\":32503680000.0", NoInteger)]
    [DataRow("\"expiration_date\":3e10", NoInteger)]
    [DataRow("\"expiration_date\":-9223372036854775809", NoInteger)]
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
