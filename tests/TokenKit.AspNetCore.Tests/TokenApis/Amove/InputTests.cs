using System.Text;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

[TestClass]
public sealed class InputTests
{
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
}
