using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>What a store costs, figure by figure. Those that change the database come last.</summary>
internal sealed class Figures(Side large, Side small)
{
    private const int Batch = TokenBatch.MaximumSize;
    private const int Rounds = 20;

    private readonly Population _population = large.Population;
    private readonly ITokenStore _store = large.Store;
    private readonly Random _random = new(2);

    /// <summary>A token by its id, beside what the driver alone can do – one connection held, the command prepared – and among fewer rows.</summary>
    public async Task LookUpAsync()
    {
        const int Count = 1_000;
        await using DbConnection connection = await large.Product.Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT sequence, id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
                created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
                version, issued_by, actor, predecessor_id, successor_id, wire_data
            FROM {large.Product.Table}
            WHERE id = @id
            """;
        DbParameter id = command.CreateParameter();
        (id.ParameterName, id.DbType, id.Value) = ("id", DbType.Binary, Array.Empty<byte>());
        command.Parameters.Add(id);
        await command.PrepareAsync();
        await Samples.TakeAsync(HeldAsync, Count);
        await Samples.TakeAsync(LookUpAsync, 5 * Count);
        await Samples.TakeAsync(LookUpAmongFewAsync, 5 * Count);

        // In turns, so that all meet the same weather.
        List<Samples> held = [];
        List<Samples> stored = [];
        List<Samples> amongFew = [];
        for (int round = 0; round < Rounds; round++)
        {
            held.Add(await Samples.TakeAsync(HeldAsync, Count));
            stored.Add(await Samples.TakeAsync(LookUpAsync, Count));
            amongFew.Add(await Samples.TakeAsync(LookUpAmongFewAsync, Count));
        }

        Samples.Together(held).Print("look-up, the driver alone (held connection, prepared)");
        Samples.Together(stored).Print("look-up through the store");
        Samples.Together(amongFew).Print("– at 10,000 rows");
        Samples.PrintRatio("– per second, store ÷ driver alone", held, stored, samples => samples.Mean);
        Samples.PrintRatio("– time, all rows ÷ 10,000 rows", stored, amongFew, samples => samples.Median);

        async Task HeldAsync(int number)
        {
            id.Value = AnyId(_population).ToByteArray(bigEndian: true);
            object[] values = new object[26];
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
            }
        }

        async Task LookUpAmongFewAsync(int number) => await small.Store.FindAsync(AnyId(small.Population), CancellationToken.None);
    }

    public async Task PageAsync()
    {
        const int Count = 20;
        var first = new TokenQuery(Population.Realm, SubjectFilter.Is(Population.Large));
        int[] depths = [.. new[] { 10_000, _population.LargeSize / 2 }.Where(depth => depth < _population.LargeSize)];
        TokenQuery[] queries = [first, .. await Task.WhenAll(depths.Select(async depth => first with { After = await PositionAsync(depth) }))];
        List<Samples>[] pages = [.. queries.Select(_ => new List<Samples>())];
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((TokenQuery query, List<Samples> samples) in queries.Zip(pages))
            {
                samples.Add(await Samples.TakeAsync(async _ => await _store.ListAsync(query, CancellationToken.None), Count));
            }
        }

        Samples.Together(pages[0]).Print($"first page of 50 of a subject with {_population.LargeSize:N0}");
        foreach ((int depth, List<Samples> samples) in depths.Zip(pages.Skip(1)))
        {
            Samples.Together(samples).Print($"– page at depth {depth:N0}");
            Samples.PrintRatio($"– depth {depth:N0} ÷ first page", samples, pages[0], round => round.Median);
        }
    }

    public async Task TouchAsync()
    {
        List<Samples> singles = [];
        List<Samples> batches = [];
        for (int round = 1; round <= Rounds / 4; round++)
        {
            DateTimeOffset now = _population.End.AddDays(round);
            TokenUse[] uses = [.. AnyIds().Distinct().Take(Batch).Select(id => new TokenUse(id, now))];
            singles.Add(await Samples.TakeAsync(
                async number => await _store.CommitBatchAsync(new TokenBatch.Touch([uses[number]]), CancellationToken.None), Batch));
            TokenUse[] later = [.. uses.Select(use => use with { UsedAt = now.AddHours(1) })];
            batches.Add(await Samples.TakeAsync(
                async _ => await _store.CommitBatchAsync(new TokenBatch.Touch([.. later]), CancellationToken.None), 1));
        }

        Samples.Together(singles).Print("last use, one by one");
        Samples.Together(batches).Print("last use, batches of 1,000", Batch / Samples.Together(batches).Mean * 1000);
        Samples.PrintRatio("– 1,000 single ones ÷ a batch", singles, batches, round => round.Sum);
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
        $"revoke all of {_population.CrowdSize:N0}, batches of 1,000",
        _population.CrowdSize,
        Batch,
        TimeSpan.Zero,
        async () => (await _store.CommitAsync(
            new TokenChange.RevokeAll(TimeProvider.System, Population.Realm, SubjectFilter.Is(Population.Crowd), TokenActor.Host) { Most = Batch },
            CancellationToken.None)).Written);

    /// <summary>First most, as one does it beside requests, then the rest as fast as it goes.</summary>
    public async Task PurgeAsync()
    {
        const int Gentle = 100;
        int part = _population.PurgedWithPauses;
        DateTimeOffset endedBefore = _population.End.AddDays(1);
        await WhileLookingUpAsync(
            $"purge {part:N0}, batches of 100 and pauses of 20 ms", part, Gentle, TimeSpan.FromMilliseconds(20), () => PurgeAsync(new TokenBatch.Purge(TimeProvider.System, endedBefore, Gentle)));
        await WhileLookingUpAsync(
            "purge the rest, batches of 1,000", _population.ExpiredCount - part, Batch, TimeSpan.Zero, () => PurgeAsync(new TokenBatch.Purge(TimeProvider.System, endedBefore)));
    }

    private async Task<int> PurgeAsync(TokenBatch.Purge batch) => await _store.CommitBatchAsync(batch, CancellationToken.None);

    private async Task WhileLookingUpAsync(string what, int atLeast, int size, TimeSpan pause, Func<Task<int>> batch)
    {
        Samples before = await Samples.TakeAsync(LookUpAsync, 20_000);
        int changed = 0;
        int some = size;
        var watch = Stopwatch.StartNew();
        Task<Samples> batches = Task.Run(() => Samples.TakeWhileAsync(
            _ => some == size && (pause == TimeSpan.Zero || changed < atLeast),
            async _ => changed += some = await batch(),
            pause));
        Samples lookUps = await Task.Run(() => Samples.TakeWhileAsync(_ => !batches.IsCompleted, LookUpAsync));
        (await batches).Print(what, changed / watch.Elapsed.TotalSeconds);
        before.Print("– look-ups before");
        lookUps.Print("– look-ups meanwhile");
        Samples.PrintRatio("– p99 of look-ups, meanwhile ÷ before", [lookUps], [before], samples => samples.Slowest);
        if (changed < atLeast)
        {
            throw new InvalidOperationException($"{what}: only {changed}");
        }
    }

    private async Task LookUpAsync(int number) => await _store.FindAsync(AnyId(_population), CancellationToken.None);

    private async Task IssueAsync(int number)
    {
        StoredToken row;
        lock (_population)
        {
            row = _population.Row(_population.Total + number);
        }

        await _store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row, TokenActor.Host), CancellationToken.None);
    }

    private Guid AnyId(Population population) => population.Ids[_random.Next(population.Ids.Count)];

    private IEnumerable<Guid> AnyIds()
    {
        while (true)
        {
            yield return AnyId(_population);
        }
    }

    private async Task<TokenPosition> PositionAsync(int depth)
    {
        object? createdAt = await large.Product.ExecuteAsync($"""
            SELECT created_at
            FROM {large.Product.Table}
            WHERE realm = '{Population.Realm}' AND subject = '{Population.Large}' AND revoked_at IS NULL
            ORDER BY created_at DESC, id DESC
            LIMIT 1 OFFSET {depth}
            """);
        return new TokenPosition(UnixMicroseconds.ToInstant(Convert.ToInt64(createdAt, CultureInfo.InvariantCulture)), Guid.Empty, Sequence: 0);
    }
}
