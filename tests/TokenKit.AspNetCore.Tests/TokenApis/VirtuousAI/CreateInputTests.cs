using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class CreateInputTests
{
    private const string NoBody = """{"detail":[{"loc":["body"],"msg":"Field required","type":"missing"}]}""";
    private const string NoObject = """{"detail":[{"loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","type":"model_attributes_type"}]}""";
    private const string NoName = """{"loc":["body","name"],"msg":"Field required","type":"missing"}""";
    private const string NameIsNoText = """{"loc":["body","name"],"msg":"Input should be a valid string","type":"string_type"}""";
    private const string NameTooShort = """{"loc":["body","name"],"msg":"String should have at least 1 character","type":"string_too_short"}""";
    private const string NameTooLong = """{"loc":["body","name"],"msg":"String should have at most 255 characters","type":"string_too_long"}""";
    private const string NameHasNul = """{"loc":["body","name"],"msg":"Value error, the name holds a NUL character","type":"value_error"}""";
    private const string DaysTooFew = """{"loc":["body","expiresInDays"],"msg":"Input should be greater than or equal to 1","type":"greater_than_equal"}""";
    private const string DaysTooMany = """{"loc":["body","expiresInDays"],"msg":"Input should be less than or equal to 365","type":"less_than_equal"}""";
    private const string DaysNoInteger = """{"loc":["body","expiresInDays"],"msg":"Input should be a valid integer","type":"int_type"}""";
    private const string DaysNoIntegerText = """{"loc":["body","expiresInDays"],"msg":"Input should be a valid integer, unable to parse string as an integer","type":"int_parsing"}""";
    private const string DaysFraction = """{"loc":["body","expiresInDays"],"msg":"Input should be a valid integer, got a number with a fractional part","type":"int_from_float"}""";
    private const string DaysTooLong = """{"loc":["body","expiresInDays"],"msg":"Unable to parse input string as an integer, exceeded maximum size","type":"int_parsing_size"}""";
    private const string DaysNotFinite = """{"loc":["body","expiresInDays"],"msg":"Input should be a finite number","type":"finite_number"}""";

    public static IEnumerable<object[]> Names =>
    [
        [new string('n', 255), true],
        [new string('n', 256), false],
        [string.Concat(Enumerable.Repeat("🚀", 255)), true],
        [string.Concat(Enumerable.Repeat("🚀", 256)), false],
        [" ", true],
        ["'; DROP TABLE tokens; -- \" \\ / %2e", true],
    ];

    [TestMethod]
    [DataRow("", NoBody)]
    [DataRow("null", NoBody)]
    [DataRow("[]", NoObject)]
    [DataRow("[{\"name\":\"n\"}]", NoObject)]
    [DataRow("\"name\"", NoObject)]
    [DataRow("1", NoObject)]
    [DataRow("true", NoObject)]
    [DataRow("\"\\ud800\"", NoObject)]
    public async Task Create_WithABodyThatIsNoObject_Answers422(string body, string expected) => await AssertInvalidAsync(body, expected);

    [TestMethod]
    [DataRow("{", 1)]
    [DataRow("{\"name\":\"n\"", 11)]
    [DataRow("{\"name\":\"n", 10)]
    [DataRow("{\"name\":n}", 9)]
    [DataRow("{'name':'n'}", 1)]
    [DataRow("{\"name\":\"n\"} x", 13)]
    [DataRow("{\"name\":\"n\"}{}", 12)]
    [DataRow("{\n\"é\":1,\n  x}", 11)]
    [DataRow("{\"name\":\"n\",}", 12)]
    [DataRow("   ", 3)]
    [DataRow("{\"name\":\"\\u12\"}", 13)]
    [DataRow("{\"name\":\"\n\"}", 9)]
    [DataRow("{\"name\":NaN}", 8)]
    public async Task Create_WithABodyThatIsNoJson_Answers422WithThePosition(string body, int position) =>
        await AssertInvalidAsync(body, $$$"""{"detail":[{"loc":["body",{{{position}}}],"msg":"JSON decode error","type":"json_invalid"}]}""");

    [TestMethod]
    [DataRow("{}", NoName)]
    [DataRow("{\"Name\":\"n\"}", NoName)]
    [DataRow("{\"nam\\ud800\":\"n\"}", NoName)]
    [DataRow("{\"name\":null}", NameIsNoText)]
    [DataRow("{\"name\":1}", NameIsNoText)]
    [DataRow("{\"name\":[\"n\"]}", NameIsNoText)]
    [DataRow("{\"name\":{}}", NameIsNoText)]
    [DataRow("{\"name\":true}", NameIsNoText)]
    [DataRow("{\"name\":\"\\ud800\"}", NameIsNoText)]
    [DataRow("{\"name\":\"\\ud800x\"}", NameIsNoText)]
    [DataRow("{\"name\":\"\\udc00\\ud800\"}", NameIsNoText)]
    [DataRow("{\"name\":\"\\ud800\\ud800\\udc00\"}", NameIsNoText)]
    [DataRow("{\"name\":\"\"}", NameTooShort)]
    [DataRow("{\"name\":\"a\\u0000b\"}", NameHasNul)]
    [DataRow("{\"name\":\"good\",\"name\":\"\"}", NameTooShort)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":0}", DaysTooFew)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":-1}", DaysTooFew)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":-9223372036854775809}", DaysTooFew)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":366}", DaysTooMany)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":9223372036854775808}", DaysTooMany)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"99999999999999999999999\"}", DaysTooMany)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":9.2e18}", DaysTooMany)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":1e300}", DaysTooLong)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":-9223372036854775808.0}", DaysTooLong)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":1e400}", DaysNotFinite)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":-1e400}", DaysNotFinite)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":5.5}", DaysFraction)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":true}", DaysNoInteger)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":[]}", DaysNoInteger)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":{}}", DaysNoInteger)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"\"}", DaysNoIntegerText)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"5.5\"}", DaysNoIntegerText)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"five\"}", DaysNoIntegerText)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"٥\"}", DaysNoIntegerText)]
    [DataRow("{\"name\":\"n\",\"expiresInDays\":\"\\ud800\"}", DaysNoIntegerText)]
    [DataRow("{\"expiresInDays\":0}", NoName + "," + DaysTooFew)]
    public async Task Create_WithMembersThatAreWrong_Answers422WithEachOfThem(string body, string items) =>
        await AssertInvalidAsync(body, $$"""{"detail":[{{items}}]}""");

    [TestMethod]
    public async Task Create_WithATextOfAnEnormousNumber_Answers422() => await AssertInvalidAsync(
        $$"""{"name":"n","expiresInDays":"{{new string('1', 4301)}}"}""",
        $$"""{"detail":[{{DaysTooLong}}]}""");

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Create_WithAName_CountsItsCodePoints(string name, bool isGood)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = name }));

        Assert.AreEqual(isGood ? 201 : 422, answer.Status, answer.Text);
        if (isGood)
        {
            Assert.AreEqual(name, answer.Json.GetProperty("token").GetProperty("name").GetString());
        }
        else
        {
            Assert.AreEqual($$"""{"detail":[{{NameTooLong}}]}""", answer.Text);
        }
    }

    [TestMethod]
    [DataRow("{\"name\":\"n\",\"scopes\":[\"admin\"],\"\\ud800\":\"\\udfff\"}", "n")]
    [DataRow("{\"name\":1,\"name\":\"last\"}", "last")]
    [DataRow("{\"n\\u0061me\":\"escaped\"}", "escaped")]
    [DataRow("\uFEFF{\"name\":\"after a mark\"}", "after a mark")]
    [DataRow("{\"name\":\"\\ud83d\\ude80\"}", "🚀")]
    [DataRow("{\"name\":\"\\\\ud800\"}", "\\ud800")]
    public async Task Create_WithMembersThatAreOdd_TakesTheLastNameAndIgnoresTheRest(string body, string name)
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
    [DataRow(null, 201)]
    [DataRow("application/json", 201)]
    [DataRow("APPLICATION/JSON; charset=utf-8", 201)]
    [DataRow("application/merge-patch+json", 201)]
    [DataRow("text/plain", 422)]
    [DataRow("application/x-www-form-urlencoded", 422)]
    [DataRow("application/json,application/json", 422)]
    [DataRow("json", 422)]
    public async Task Create_WithALabel_TakesJsonOnly(string? contentType, int expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.PostAsync("{\"name\":\"n\"}"u8.ToArray(), contentType);

        Assert.AreEqual(expected, answer.Status, answer.Text);
        if (expected == 422)
        {
            Assert.AreEqual(NoObject, answer.Text);
        }
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
