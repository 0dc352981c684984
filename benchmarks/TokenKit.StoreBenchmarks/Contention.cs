using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.StoreBenchmarks;

/// <summary>How long the revocation of a token takes that 64 callers act with: 32 patch, 32 issue.</summary>
internal static class Contention
{
    private const int Callers = 64;
    private const int Revocations = 50;

    public static async Task MeasureAsync()
    {
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync("max_connections=200") ?? throw new InvalidOperationException("PostgreSQL's server is not installed.");
        await using Side side = await Side.StartAsync(new PostgreSqlProduct(server.ConnectionString + ";Maximum Pool Size=100", "tokenkit_"), new Population(1, idsAreOrdered: true));
        int changes = 0;
        int late = 0;
        List<Samples> all = [];
        for (int round = 0; round < Revocations; round++)
        {
            StoredToken acting = await AddAsync(side.Store, Rows.New("1000", ApiTokens.ManageScope));
            StoredToken[] targets = [.. await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AddAsync(side.Store, Rows.New($"{caller}", ""))))];
            bool isRevoked = false;
            Task[] callers =
            [
                .. targets.Select((target, caller) => Task.Run(async () =>
                {
                    var actor = TokenActor.For(ApiToken.From(acting));
                    CommitResult result;
                    do
                    {
                        bool wasRevoked = Volatile.Read(ref isRevoked);
                        TokenChange change = caller % 2 == 0
                            ? new TokenChange.Update(TimeProvider.System, target, actor) { Name = "renamed" }
                            : new TokenChange.Issue(TimeProvider.System, Rows.New("1000", ""), actor);
                        result = await side.Store.CommitAsync(change, CancellationToken.None);
                        Interlocked.Increment(ref changes);
                        if (wasRevoked && result.Outcome == CommitOutcome.Done)
                        {
                            Interlocked.Increment(ref late);
                        }
                    }
                    while (result.Outcome == CommitOutcome.Done);
                })),
            ];
            await Task.Delay(200);
            all.Add(await Samples.TakeAsync(
                async _ => await side.Store.CommitAsync(new TokenChange.Revoke(TimeProvider.System, acting.Id, Population.Realm, SubjectFilter.Any, TokenActor.Host), CancellationToken.None),
                1));
            Volatile.Write(ref isRevoked, true);
            await Task.WhenAll(callers);
        }

        Samples.Together(all).Print($"revocation of a token that {Callers} callers act with ({changes} changes, {late} after it)");
    }

    private static async Task<StoredToken> AddAsync(ITokenStore store, StoredToken row) =>
        (await store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row, TokenActor.Host), CancellationToken.None)).Token!;
}
