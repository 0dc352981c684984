using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CreateInputTests
{
    private const string NameIsNoText = """{"loc":["body","name"],"msg":"Input should be a valid string","type":"string_type"}""";
    private const string DaysTooLong = """{"loc":["body","expiresInDays"],"msg":"Unable to parse input string as an integer, exceeded maximum size","type":"int_parsing_size"}""";

    [TestMethod]
    [DataRow("{\"name\":\"n\"}{}", 12)]
    [DataRow("{\n\"é\":1,\n  x}", 11)]
    [DataRow("   ", 3)]
    [DataRow("{\"name\":\"\\u12\"}", 13)]
    [DataRow("{\"name\":\"\n\"}", 9)]
    public async Task Create_WithABodyThatIsNoJson_Answers422WithThePosition(string body, int position) =>
        await AssertInvalidAsync(body, $$$"""{"detail":[{"loc":["body",{{{position}}}],"msg":"JSON decode error","type":"json_invalid"}]}""");

    [TestMethod]
    [DataRow("{\"name\":\"\\ud800x\"}", NameIsNoText)]
    [DataRow("{\"name\":\"\\ud800\\ud800\\udc00\"}", NameIsNoText)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":-9223372036854775808.0}", DaysTooLong)]
    public async Task Create_WithMembersThatAreWrong_Answers422WithEachOfThem(string body, string items) =>
        await AssertInvalidAsync(body, $$"""{"detail":[{{items}}]}""");

    [TestMethod]
    [DataRow("{\"name\":\"n\",\"scopes\":[\"admin\"],\"\\ud800\":\"\\udfff\"}", "n")]
    [DataRow("{\"name\":\"\\\\ud800\"}", "\\ud800")]
    public async Task Create_WithMembersThatAreOdd_TakesTheNameAndIgnoresTheRest(string body, string name)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, body);

        Assert.AreEqual(201, answer.Status, answer.Text);
        Assert.AreEqual(name, answer.Json.GetProperty("token").GetProperty("name").GetString());
    }

    [TestMethod]
    public async Task Create_WithDeepNesting_Answers422()
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, $$"""{"name":"n","deep":{{new string('[', 30_000)}}""");

        Assert.AreEqual(422, answer.Status);
        Assert.Contains("json_invalid", answer.Text);
    }

    [TestMethod]
    public async Task Create_WithBytesThatAreNoUtf8_Answers422()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        byte[] inName = [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Answer answer = await vai.PostAsync(inName);
        Answer utf16 = await vai.PostAsync(Encoding.Unicode.GetBytes("{\"name\":\"n\"}"));

        Assert.AreEqual("""{"detail":[{"loc":["body",0],"msg":"JSON decode error","type":"json_invalid"}]}""", answer.Text);
        Assert.AreEqual(422, utf16.Status);
        Assert.AreEqual(1, await vai.CountAsync());
    }

    [TestMethod]
    public async Task Create_WhereTheHostHasLimitsOfItsOwn_Answers422()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddTokenKit().AddRealm(VaiHost.Realm, realm =>
        {
            realm.UniqueNames = true;
            realm.MaximumLivingTokens = 2;
            realm.MaximumLifetime = TimeSpan.FromDays(100);
            realm.MaximumNameLength = 7;
        }));
        Assert.AreEqual(201, (await vai.SendAsync("POST", VaiHost.Path, """{"name":"a"}""")).Status);

        Answer taken = await vai.SendAsync("POST", VaiHost.Path, """{"name":"a"}""");
        Answer tooLong = await vai.SendAsync("POST", VaiHost.Path, """{"name":"12345678","expiresInDays":101}""");
        Assert.AreEqual(201, (await vai.SendAsync("POST", VaiHost.Path, """{"name":"b"}""")).Status);
        Answer capped = await vai.SendAsync("POST", VaiHost.Path, """{"name":"c"}""");

        Assert.AreEqual("""{"detail":[{"loc":["body","name"],"msg":"Value error, another token has this name","type":"value_error"}]}""", taken.Text);
        Assert.AreEqual(
            """{"detail":[{"loc":["body","name"],"msg":"String should have at most 7 characters","type":"string_too_long"},{"loc":["body","expiresInDays"],"msg":"Input should be less than or equal to 100","type":"less_than_equal"}]}""",
            tooLong.Text);
        Assert.AreEqual("""{"detail":[{"loc":["body"],"msg":"Value error, there are as many tokens as there may be","type":"value_error"}]}""", capped.Text);
    }

    private static async Task AssertInvalidAsync(string body, string expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, body);

        Assert.AreEqual(expected, answer.Text);
        Assert.AreEqual(422, answer.Status);
        Assert.AreEqual("application/json", answer.ContentType);
        Assert.AreEqual(1, await vai.CountAsync(), "nothing is written");
    }
}
