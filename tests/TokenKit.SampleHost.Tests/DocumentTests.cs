using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

/// <summary>
/// The sample programs of the published documents against the sample host. They are changed in the base address, the credential, dates once they
/// have passed, and the ids of tokens, which each server makes up itself.
/// </summary>
[TestClass]
public sealed partial class DocumentTests
{
    private const string DocumentedDate = "2027-01-01T00:00:00Z";

    // The document's, as long as it lies ahead.
    private static readonly string Date = TimeProvider.System.GetUtcNow() < DateTimeOffset.Parse(DocumentedDate, null).AddDays(-1)
        ? DocumentedDate
        : $"{TimeProvider.System.GetUtcNow().Year + 2}-01-01T00:00:00Z";

    [TestMethod]
    [DataRow("jwt")]
    [DataRow("amove")]
    public async Task Amove_CSharp_CreatesAnApiToken(string credential)
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string token = host.Credential(1001, credential);

        // The C# sample of the page "API Token Endpoints"; what it would print is looked at.
        using var client = new HttpClient();
        HttpResponseMessage res = await client.PostAsJsonAsync(
            $"{host.BaseUrl}apitoken/insert?token={token}",
            new { title = "CI pipeline", expirationDate = Date });
        string printed = await res.Content.ReadAsStringAsync();

        await AssertInsertedAsync(host, JsonElement.Parse(printed));
    }

    [TestMethod]
    [DataRow("jwt")]
    [DataRow("amove")]
    public async Task Amove_Python_CreatesAnApiToken(string credential)
    {
        string python = await ChildPrograms.PythonAsync();
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);

        string printed = await RunAmoveAsync(host, folder, python, "amove-insert.py", credential);

        // It prints Python's dictionary, not JSON.
        await AssertInsertedAsync(host, JsonElement.Parse(printed.Replace('\'', '"')));
    }

    [TestMethod]
    [DataRow("jwt")]
    [DataRow("amove")]
    public async Task Amove_JavaScript_CreatesAnApiToken(string credential)
    {
        string node = await ChildPrograms.NodeAsync();
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);

        string printed = await RunAmoveAsync(host, folder, node, "amove-insert.mjs", credential);

        // It prints a JavaScript object, not JSON.
        await AssertInsertedAsync(host, JsonElement.Parse(MemberName().Replace(printed, "$1\"$2\":").Replace('\'', '"')));
    }

    [TestMethod]
    public async Task Canvus_CurlLines_DoWhatThePageSays()
    {
        string bash = await ChildPrograms.BashAsync();
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string token = host.Credential(1001, "canvus");
        string[] lines = Commands("canvus.sh");
        Assert.HasCount(5, lines);

        JsonElement[] listed = [.. (await CurlAsync(lines[0])).EnumerateArray()];
        string id = listed.Single().GetProperty("id").GetString()!;
        AssertMembers(listed[0], "created_at", "description", "id");

        JsonElement shown = await CurlAsync(lines[1], id);
        Assert.AreEqual(listed[0].ToString(), shown.ToString());

        JsonElement created = await CurlAsync(lines[2]);
        AssertMembers(created, "created_at", "description", "id", "plain_token");
        Assert.AreEqual("Second token", created.GetProperty("description").GetString());
        string createdId = created.GetProperty("id").GetString()!;

        JsonElement changed = await CurlAsync(lines[3], createdId);
        AssertMembers(changed, "created_at", "description", "id");
        Assert.AreEqual("Updated description", changed.GetProperty("description").GetString());

        Assert.AreEqual(JsonValueKind.Undefined, (await CurlAsync(lines[4], createdId)).ValueKind);
        Assert.AreEqual(id, (await CurlAsync(lines[0])).EnumerateArray().Single().GetProperty("id").GetString());

        async Task<JsonElement> CurlAsync(string line, string id = "") => await RunCurlAsync(bash, folder, DocumentedCanvusId().Replace(
            line.Replace("https://canvus.example.com/", host.BaseUrl.ToString(), StringComparison.Ordinal)
                .Replace("<access token>", token, StringComparison.Ordinal)
                .Replace("W1bns7ZYuN_u7fQTR3i6L0JopiRCGsbNjXRw7Z-yX0E", token, StringComparison.Ordinal),
            id));
    }

    [TestMethod]
    public async Task VirtuousAI_CurlLines_DoWhatThePageSays()
    {
        string bash = await ChildPrograms.BashAsync();
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string[] lines = Commands("virtuousai.sh");
        Assert.HasCount(5, lines);

        JsonElement listed = await CurlAsync(lines[0]);
        AssertMembers(listed, "items", "nextCursor");

        JsonElement created = await CurlAsync(lines[1]);
        AssertMembers(created, "plaintext", "token");
        AssertMembers(created.GetProperty("token"), "createdAt", "expiresAt", "id", "lastUsedAt", "name", "revokedAt", "tokenPrefix", "tokenType");

        Assert.AreEqual(1, (await CurlAsync(lines[2])).GetProperty("revokedCount").GetInt32());

        string id = (await CurlAsync(lines[1])).GetProperty("token").GetProperty("id").GetString()!;
        JsonElement shown = await CurlAsync(lines[3], id);
        Assert.AreEqual("string", shown.GetProperty("name").GetString());
        Assert.AreEqual(JsonValueKind.Null, shown.GetProperty("revokedAt").ValueKind);

        Assert.AreEqual(JsonValueKind.Undefined, (await CurlAsync(lines[4], id)).ValueKind);
        Assert.AreEqual(JsonValueKind.String, (await CurlAsync(lines[3], id)).GetProperty("revokedAt").ValueKind);

        // The page's lines have no credential at all, so it comes from the settings that curl reads.
        async Task<JsonElement> CurlAsync(string line, string id = "") => await RunCurlAsync(
            bash,
            folder,
            line.Replace("https://loading/", host.BaseUrl.ToString(), StringComparison.Ordinal)
                .Replace("497f6eca-6276-4993-bfeb-53cbbbba6f08", id, StringComparison.Ordinal),
            $"header = \"Authorization: Bearer {host.Credential(1001)}\"");
    }

    private static async Task<string> RunAmoveAsync(SampleProcess host, SampleFolder folder, string program, string document, string credential)
    {
        string script = Path.Combine(folder.Path, document);
        await File.WriteAllTextAsync(script, (await File.ReadAllTextAsync(PathOf(document)))
            .Replace("http://localhost:29123/", host.BaseUrl.ToString(), StringComparison.Ordinal)
            .Replace("EXAMPLE_TOKEN", host.Credential(1001, credential), StringComparison.Ordinal)
            .Replace(DocumentedDate, Date, StringComparison.Ordinal));
        ProgramRun run = await ChildPrograms.RunAsync(program, [script]);
        Assert.AreEqual(0, run.ExitCode, run.Errors);
        return run.Output;
    }

    private static async Task AssertInsertedAsync(SampleProcess host, JsonElement created)
    {
        AssertMembers(created, "id", "title", "token", "expirationDate", "createDate");
        Assert.AreEqual("CI pipeline", created.GetProperty("title").GetString());
        Assert.AreEqual(Date, created.GetProperty("expirationDate").GetString());

        // The value is a credential from now on, and the list shows the same object.
        using var http = new HttpClient();
        using HttpResponseMessage used = await http.GetAsync(new Uri(host.BaseUrl, $"apitoken/get_all?token={created.GetProperty("token").GetString()}"));
        used.EnsureSuccessStatusCode();
        JsonElement listed = await http.GetFromJsonAsync<JsonElement>(new Uri(host.BaseUrl, $"apitoken/get_all?token={host.Credential(1001, "jwt")}"));
        Assert.AreEqual(JsonSerializer.Serialize(created), JsonSerializer.Serialize(listed[0]));
    }

    /// <summary>Runs a line in bash, with settings that make an answer of 400 and more a failure. Nothing is shown of an empty answer.</summary>
    private static async Task<JsonElement> RunCurlAsync(string bash, SampleFolder folder, string line, string settings = "")
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".curlrc"), $"silent\nshow-error\nfail-with-body\n{settings}\n");
        ProgramRun run = await ChildPrograms.RunAsync(bash, ["-c", line], new Dictionary<string, string> { ["CURL_HOME"] = folder.Path });
        Assert.AreEqual(0, run.ExitCode, $"{line}\n{run.Errors}{run.Output}");
        return run.Output.Length == 0 ? default : JsonElement.Parse(run.Output);
    }

    /// <summary>The commands of a document, each with the lines that it goes on.</summary>
    private static string[] Commands(string document) =>
        [.. Command().Matches(File.ReadAllText(PathOf(document))).Select(match => match.Value)];

    private static string PathOf(string document) => Path.Combine(Repository.Root, "tests/TokenKit.SampleHost.Tests/Documents", document);

    private static void AssertMembers(JsonElement value, params string[] members) =>
        CollectionAssert.AreEqual(members, value.EnumerateObject().Select(member => member.Name).ToArray(), value.ToString());

    [GeneratedRegex(@"^curl (.*\\\n)*.*$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"JDJhJDA0[A-Za-z0-9]+")]
    private static partial Regex DocumentedCanvusId();

    [GeneratedRegex(@"([{,]\s*)(\w+):")]
    private static partial Regex MemberName();
}
