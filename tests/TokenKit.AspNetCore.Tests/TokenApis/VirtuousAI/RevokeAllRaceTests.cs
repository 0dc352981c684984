using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenKit.Dapper.Tests;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

/// <summary>
/// Somebody who stole a token that manages tokens makes new ones as fast as 24 connections can, each with the newest that it has, while the
/// owner revokes all. When that was answered, no token may live that a revoked one made.
/// </summary>
/// <remarks>The variable <c>TOKENKIT_LONG</c> asks for the long run.</remarks>
[TestClass]
public sealed class RevokeAllRaceTests
{
    private const int Connections = 24;
    private const string Cookie = "host-cookie";

    private static readonly int Rounds = Environment.GetEnvironmentVariable("TOKENKIT_LONG") == "1" ? 200 : 3;

    // A thief who can still make tokens does not stop by itself.
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(300);

    [TestMethod]
    public async Task RevokeAll_OnSqliteWhileTokensMakeTokens_LeavesNoneAlive()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tokenkit-");
        try
        {
            await using Node node = await Node.StartAsync(tokenKit =>
                tokenKit.UseSqlite($"Data Source={Path.Combine(folder.FullName, "tokens.db")}", static store => store.MigrateAtStart = true));
            await RunAsync([node]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // With a delay the second node lets the callers in, and their changes are judged in the database alone.
    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    public async Task RevokeAll_OnTwoNodesOfOnePostgreSqlWhileTokensMakeTokens_LeavesNoneAlive(int seconds)
    {
        await using PostgreSqlServer server = await RequiredPostgreSql.StartAsync();
        await using Node first = await Node.StartAsync(UseServer);
        await using Node second = await Node.StartAsync(UseServer);
        await RunAsync([first, second]);

        void UseServer(TokenKitBuilder tokenKit) => tokenKit
            .UsePostgreSql(server.ConnectionString, static store => store.MigrateAtStart = true)
            .AddRealm(VaiHost.Realm, realm => realm.MaximumRevocationDelay = TimeSpan.FromSeconds(seconds));
    }

    private static async Task RunAsync(Node[] nodes)
    {
        var rounds = new List<Round>();
        for (int i = 0; i < Rounds; i++)
        {
            rounds.Add(await RunRoundAsync(nodes, i));
        }

        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds.Count} rounds, {rounds.Sum(static round => round.Made)} tokens made; {rounds.Count(static round => round.Alive > 0)} rounds left {rounds.Sum(static round => round.Alive)} alive, {rounds.Sum(static round => round.AnsweredAlive)} of them were answered 201, {rounds.Sum(static round => round.MadeAfterwards)} after the revocation was answered; {rounds.Sum(static round => round.Unavailable)} answers 503.");
        Console.WriteLine(figures);
        Assert.AreEqual((0, 0), (rounds.Sum(static round => round.Alive), rounds.Sum(static round => round.AnsweredAlive)), figures);

        // Where nothing was made there was no race.
        Assert.IsTrue(rounds.All(static round => round.Made >= Connections), figures);
    }

    private static async Task<Round> RunRoundAsync(Node[] nodes, int number)
    {
        string subject = number.ToString(CultureInfo.InvariantCulture);
        string[] stolen = [await nodes[0].IssueAsync(subject), await nodes[0].IssueAsync(subject)];
        (string Name, string Value)[] owner = number % 2 == 0
            ? [("Cookie", await nodes[0].SignInAsync(subject)), ("Sec-Fetch-Site", "same-origin")]
            : [("Authorization", $"Bearer {await nodes[0].IssueAsync(subject)}")];
        var race = new Race();
        Task[] thieves = [.. Enumerable.Range(0, Connections).Select(i => Task.Run(() => StealAsync(nodes[i % nodes.Length], stolen, i, race)))];
        while (race.Made.Count < Connections)
        {
            await Task.Delay(1);
        }

        // Cookies are of the node that made them.
        Node ownersNode = number % 2 == 0 ? nodes[0] : nodes[^1];
        Answer answer;
        do
        {
            answer = await ownersNode.Client.AskAsync("DELETE", VaiHost.Path + "?exclude_current=false", null, owner);
        }
        while (answer.Status == StatusCodes.Status503ServiceUnavailable);
        race.IsAnswered = true;
        Assert.AreEqual(200, answer.Status, answer.Text);
        var all = Task.WhenAll(thieves);
        await Task.WhenAny(all, Task.Delay(Afterwards));
        race.IsOver = true;
        await all;

        HashSet<Guid> alive = await nodes[0].Tokens.ListAllAsync(new TokenQuery(VaiHost.Realm, SubjectFilter.Is(subject))).Select(static token => token.Id).ToHashSetAsync();
        return new Round(race.Made.Count, alive.Count, race.Made.Keys.Count(alive.Contains), race.Made.Values.Count(static afterwards => afterwards), race.Unavailable);
    }

    private static async Task StealAsync(Node node, string[] stolen, int number, Race race)
    {
        string current = stolen[number % stolen.Length];
        int refused = 0;
        while (refused < stolen.Length + 1 && !race.IsOver)
        {
            Answer answer = await node.Client.AskAsync(
                "POST",
                VaiHost.Path,
                """{"name":"stolen"}"""u8.ToArray(),
                ("Authorization", $"Bearer {current}"),
                ("Content-Type", "application/json"));
            switch (answer.Status)
            {
                case StatusCodes.Status201Created:
                    race.Made[answer.Json.GetProperty("token").GetProperty("id").GetGuid()] = race.IsAnswered;
                    current = answer.Json.GetProperty("plaintext").GetString()!;
                    refused = 0;
                    break;
                case StatusCodes.Status401Unauthorized:
                    current = stolen[(number + refused) % stolen.Length];
                    refused++;
                    break;
                default:
                    Assert.AreEqual(StatusCodes.Status503ServiceUnavailable, answer.Status, answer.Text);
                    race.CountUnavailable();
                    break;
            }
        }
    }

    private sealed record Round(int Made, int Alive, int AnsweredAlive, int MadeAfterwards, int Unavailable);

    private sealed class Race
    {
        private int _unavailable;

        /// <summary>The tokens that were made, and whether their answers came after that to the revocation.</summary>
        public ConcurrentDictionary<Guid, bool> Made { get; } = new();

        public volatile bool IsAnswered;

        public volatile bool IsOver;

        public int Unavailable => Volatile.Read(ref _unavailable);

        public void CountUnavailable() => Interlocked.Increment(ref _unavailable);
    }

    /// <summary>A host of the set over a database.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Node(WebApplication app)
        {
            _app = app;
            Client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
        }

        public HttpClient Client { get; }

        public ApiTokens Tokens => _app.Services.GetRequiredService<ApiTokens>();

        public static async Task<Node> StartAsync(Action<TokenKitBuilder> useStore)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ISecretHasher, QuickHasher>();
            builder.Services.AddAuthentication().AddCookie(Cookie);
            useStore(builder.Services.AddTokenKit()
                .AddVirtuousAITokens(VaiHost.Realm, static vai => vai.AdditionalSchemes.Add(Cookie))
                .ConfigureHashing(static hashing => hashing.QueueLimit = 10_000));
            WebApplication app = builder.Build();
            app.MapVirtuousAITokens(VaiHost.Realm);
            app.MapPost("/sign-in", static async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", await reader.ReadToEndAsync())], Cookie));
                await context.SignInAsync(Cookie, user);
            });
            await app.StartAsync();
            return new Node(app);
        }

        public async Task<string> IssueAsync(string subject)
        {
            var request = new IssueRequest(VaiHost.Realm) { Kind = VirtuousAITokensDefaults.SessionKind, Subject = subject, Name = "session" };
            return ((IssueResult.Issued)await Tokens.IssueAsync(request)).Plaintext.Reveal();
        }

        public async Task<string> SignInAsync(string subject) =>
            (await Client.AskAsync("POST", "/sign-in", System.Text.Encoding.ASCII.GetBytes(subject))).Header("Set-Cookie").Split(';')[0];

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
        }
    }
}
