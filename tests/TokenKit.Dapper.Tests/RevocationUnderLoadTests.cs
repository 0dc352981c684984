using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.Dapper.Tests;

/// <summary>
/// Two nodes on one database, both verifying as fast as they can while tokens are revoked on either. No verification that begins after a
/// revocation was answered – N later on the other node – may accept the token.
/// </summary>
/// <remarks>The variable <c>TOKENKIT_REVOCATIONS</c> asks for the long run: so many tokens, and delays of up to 5 seconds.</remarks>
[TestClass]
public sealed class RevocationUnderLoadTests
{
    private const string Realm = "api";
    private const int LoopsPerNode = 2;

    private static readonly int? LongRun =
        int.TryParse(Environment.GetEnvironmentVariable("TOKENKIT_REVOCATIONS"), CultureInfo.InvariantCulture, out int number) ? number : null;

    public static IEnumerable<int> DelaysInMilliseconds => LongRun is null ? [0, 500] : [0, 1000, 5000];

    [TestMethod]
    [DynamicData(nameof(DelaysInMilliseconds))]
    public async Task Revocations_OnSqlite_HoldOnBothNodesWithinTheDelay(int delay)
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await RunAsync(delay, tokenKit => tokenKit.UseSqlite(database.Source));
    }

    [TestMethod]
    [DynamicData(nameof(DelaysInMilliseconds))]
    public async Task Revocations_OnPostgreSql_HoldOnBothNodesWithinTheDelay(int delay)
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await RunAsync(delay, tokenKit => tokenKit.UsePostgreSql(database.Source, options => options.SchemaName = database.Options.SchemaName));
    }

    private static async Task RunAsync(int delay, Action<TokenKitBuilder> useStore)
    {
        var maximumDelay = TimeSpan.FromMilliseconds(delay);
        using IHost first = await StartAsync(maximumDelay, useStore);
        using IHost second = await StartAsync(maximumDelay, useStore);
        ApiTokens[] nodes = [first.Services.GetRequiredService<ApiTokens>(), second.Services.GetRequiredService<ApiTokens>()];
        var tokens = new Token[LongRun ?? 100];
        for (int i = 0; i < tokens.Length; i++)
        {
            var issued = (IssueResult.Issued)await nodes[i % 2].IssueAsync(new IssueRequest(Realm) { Subject = $"{i}", Name = "CI" });
            tokens[i] = new Token(issued.Token, issued.Plaintext.Reveal(), RevokingNode: i % 2);
        }

        var counts = new Counts();
        using var enough = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 2 * LoopsPerNode).Select(i => Task.Run(() => VerifyAsync(nodes, i % 2, tokens, maximumDelay, counts, enough.Token)))];
        for (int i = 0; i < tokens.Length; i++)
        {
            // The load goes around between two revocations.
            await Task.Delay(2);
            await RevokeAsync(nodes[tokens[i].RevokingNode], tokens[i], all: i % 4 >= 2);
            tokens[i].RevokedAt = Stopwatch.GetTimestamp();
        }

        await Task.Delay(maximumDelay);
        foreach (ApiTokens node in nodes)
        {
            foreach (Token token in tokens)
            {
                Assert.IsInstanceOfType<VerificationResult.Refused>(await node.VerifyAsync(Realm, token.Text));
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
        await Task.WhenAll(first.StopAsync(), second.StopAsync());

        Assert.AreEqual(0, counts.Unavailable);
        Assert.AreEqual(0, counts.ValidTooLate, $"of {counts.Late} that came late; {counts.Valid} came in time.");
        Assert.IsGreaterThan(tokens.Length, counts.Valid);
        Assert.IsGreaterThan(tokens.Length, counts.Late);
    }

    private static async Task VerifyAsync(ApiTokens[] nodes, int node, Token[] tokens, TimeSpan maximumDelay, Counts counts, CancellationToken enough)
    {
        // Each node begins somewhere else; one token in three is the one that is next to be revoked, or has just been.
        for (int i = node * 37; !enough.IsCancellationRequested; i++)
        {
            int next = Array.FindIndex(tokens, token => token.RevokedAt == 0);
            Token token = tokens[i % 3 == 0 && next >= 0 ? Math.Max(0, next - (i % 2)) : i % tokens.Length];
            long beganAt = Stopwatch.GetTimestamp();
            VerificationResult result = await nodes[node].VerifyAsync(Realm, token.Text, CancellationToken.None);

            TimeSpan bound = token.RevokingNode == node ? TimeSpan.Zero : maximumDelay;
            bool isLate = token.RevokedAt is > 0 and var revokedAt && Stopwatch.GetElapsedTime(revokedAt, beganAt) is var after && after > bound;
            switch (result)
            {
                case VerificationResult.Valid when isLate:
                    Interlocked.Increment(ref counts.ValidTooLate);
                    break;
                case VerificationResult.Valid:
                    Interlocked.Increment(ref counts.Valid);
                    break;
                case VerificationResult.Unavailable:
                    Interlocked.Increment(ref counts.Unavailable);
                    break;
            }

            if (isLate)
            {
                Interlocked.Increment(ref counts.Late);
            }

            await Task.Yield();
        }
    }

    private static Task RevokeAsync(ApiTokens node, Token token, bool all) => all
        ? node.RevokeAllAsync(Realm, SubjectFilter.Is(token.Record.Subject), spared: null)
        : node.RevokeAsync(Realm, token.Record.Id, SubjectFilter.Any);

    private static async Task<IHost> StartAsync(TimeSpan maximumDelay, Action<TokenKitBuilder> useStore)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        TokenKitBuilder tokenKit = builder.Services.AddTokenKit()
            .AddRealm(Realm, realm => (realm.Prefix, realm.MaximumRevocationDelay) = ("acme", maximumDelay))
            .ConfigureHashing(hashing => (hashing.Parameters, hashing.QueueLimit) = (new Argon2Parameters(8, 1, 1), 100_000));
        useStore(tokenKit);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed record Token(ApiToken Record, string Text, int RevokingNode)
    {
        private long _revokedAt;

        /// <summary>When its revocation was answered; zero before.</summary>
        public long RevokedAt
        {
            get => Volatile.Read(ref _revokedAt);
            set => Volatile.Write(ref _revokedAt, value);
        }
    }

    private sealed class Counts
    {
#pragma warning disable CA1051 // Interlocked needs fields.
        public long Valid;
        public long Late;
        public long ValidTooLate;
        public long Unavailable;
#pragma warning restore CA1051
    }
}
