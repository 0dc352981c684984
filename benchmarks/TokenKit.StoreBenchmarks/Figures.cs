using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>What a store costs, figure by figure. Those that change the database come last.</summary>
internal sealed class Figures(Product product, ITokenStore store, Population population)
{
    private const int Batch = TokenBatch.MaximumSize;

    private readonly Random _random = new(2);

    public static async Task FillAsync(Product product, Population population)
    {
        var watch = Stopwatch.StartNew();
        await product.FillAsync(population.Rows());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| fill {population.Total:N0} | | | {population.Total / watch.Elapsed.TotalSeconds:N0} |"));
    }

    /// <summary>A token by its id, beside what the driver alone can do: one connection held, the command prepared.</summary>
    public async Task LookUpAsync()
    {
        const int Count = 20_000;
        await Samples.TakeAsync(LookUpAsync, Count / 4);
        await using DbConnection connection = await product.Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT sequence, id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
                created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
                version, issued_by, actor, predecessor_id, successor_id, wire_data
            FROM tokenkit_token
            WHERE id = @id
            """;
        DbParameter id = command.CreateParameter();
        (id.ParameterName, id.DbType, id.Value) = ("id", DbType.Binary, Array.Empty<byte>());
        command.Parameters.Add(id);
        await command.PrepareAsync();

        // In turns, so that both meet the same weather.
        List<Samples> held = [];
        List<Samples> stored = [];
        for (int round = 0; round < 5; round++)
        {
            held.Add(await Samples.TakeAsync(HeldAsync, Count / 5));
            stored.Add(await Samples.TakeAsync(LookUpAsync, Count / 5));
        }

        Samples.Together(held).Print("look-up, prepared command on a held connection");
        Samples.Together(stored).Print("look-up through the store");

        async Task HeldAsync(int number)
        {
            id.Value = AnyId().ToByteArray(bigEndian: true);
            object[] values = new object[26];
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
            }
        }
    }

    public async Task PageAsync()
    {
        var query = new TokenQuery(Population.Realm, SubjectFilter.Is(Population.Large));
        (await Samples.TakeAsync(async _ => await store.ListAsync(query, CancellationToken.None), 300)).Print("first page of 50");
        foreach (int depth in (int[])[10_000, population.LargeSize / 2])
        {
            if (depth < population.LargeSize)
            {
                TokenQuery deep = query with { After = await PositionAsync(depth) };
                (await Samples.TakeAsync(async _ => await store.ListAsync(deep, CancellationToken.None), 300)).Print($"page of 50 at depth {depth:N0}");
            }
        }
    }

    public async Task TouchAsync()
    {
        DateTimeOffset now = population.End;
        Samples singles = await Samples.TakeAsync(
            async number => await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(AnyId(), now.AddSeconds(number))]), CancellationToken.None), Batch);
        singles.Print("last use, one by one");
        var watch = Stopwatch.StartNew();
        Samples batches = await Samples.TakeAsync(
            async number => await store.CommitBatchAsync(
                new TokenBatch.Touch([.. _random.GetItems(population.Ids.ToArray(), Batch).Distinct().Select(id => new TokenUse(id, now.AddDays(number + 1)))]),
                CancellationToken.None),
            20);
        batches.Print("last use, batch of 1,000", 20 * Batch / watch.Elapsed.TotalSeconds);
    }

    public async Task IssueAsync()
    {
        foreach (int writers in (int[])[1, 8])
        {
            var watch = Stopwatch.StartNew();
            Samples[] parts = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(() => Samples.TakeAsync(IssueAsync, 4_000 / writers))));
            Samples.Together(parts).Print(writers == 1 ? "issue, one writer" : $"issue, {writers} writers", 4_000 / watch.Elapsed.TotalSeconds);
        }
    }

    public Task RevokeAllAsync() => WhileLookingUpAsync(
        $"revoke all of {population.CrowdSize:N0}",
        population.CrowdSize,
        () => new TokenBatch.RevokeWhere(population.End, Population.Realm, SubjectFilter.Is(Population.Crowd), Spared: []));

    public Task PurgeAsync() => WhileLookingUpAsync(
        $"purge {population.ExpiredCount:N0}", population.ExpiredCount, () => new TokenBatch.Purge(population.End.AddDays(1)));

    private async Task WhileLookingUpAsync(string what, int expected, Func<TokenBatch> batch)
    {
        (await Samples.TakeAsync(LookUpAsync, 20_000)).Print($"look-ups before: {what}");
        int changed = 0;
        int some = Batch;
        var watch = Stopwatch.StartNew();
        Task<Samples> batches = Task.Run(() => Samples.TakeWhileAsync(
            _ => some == Batch,
            async _ => changed += some = await store.CommitBatchAsync(batch(), CancellationToken.None)));
        Samples lookUps = await Task.Run(() => Samples.TakeWhileAsync(_ => !batches.IsCompleted, LookUpAsync));
        (await batches).Print($"{what}, batch of 1,000", changed / watch.Elapsed.TotalSeconds);
        lookUps.Print($"look-ups meanwhile: {what}");
        if (changed < expected)
        {
            throw new InvalidOperationException($"{what}: only {changed}");
        }
    }

    private async Task LookUpAsync(int number) => await store.FindAsync(AnyId(), CancellationToken.None);

    private async Task IssueAsync(int number)
    {
        StoredToken row;
        lock (population)
        {
            row = population.Row(population.Total + number);
        }

        await store.CommitAsync(new TokenChange.Issue(Guid.NewGuid(), population.End, row, livingTokenLimit: null), CancellationToken.None);
    }

    private Guid AnyId() => population.Ids[_random.Next(population.Ids.Count)];

    private async Task<TokenPosition> PositionAsync(int depth)
    {
        object? createdAt = await product.ExecuteAsync($"""
            SELECT created_at
            FROM tokenkit_token
            WHERE realm = '{Population.Realm}' AND subject = '{Population.Large}' AND revoked_at IS NULL
            ORDER BY created_at DESC, id DESC
            LIMIT 1 OFFSET {depth}
            """);
        return new TokenPosition(UnixMicroseconds.ToInstant(Convert.ToInt64(createdAt, CultureInfo.InvariantCulture)), Guid.Empty, Sequence: 0);
    }
}
