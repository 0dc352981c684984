using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>What it is worth in SQLite that ids begin with the time: rows then go to the end of an index instead of anywhere in it.</summary>
internal static class IdLayout
{
    private const int Rounds = 30;
    private const int Batch = 1_000;

    public static async Task CompareAsync(string file, int rows)
    {
        await CompareAsync($"{file}.bare", rows, "id alone indexed", row => row, isBare: true);
        await CompareAsync($"{file}.one", rows, "one subject", row => row with { Subject = Population.Large }, isBare: false);
        await CompareAsync($"{file}.many", rows, "100,000 subjects", row => row, isBare: false);
    }

    private static async Task CompareAsync(string file, int rows, string what, Func<StoredToken, StoredToken> row, bool isBare)
    {
        await using Filling ordered = await Filling.StartAsync($"{file}.ordered", rows, row, isBare, idsAreOrdered: true);
        await using Filling random = await Filling.StartAsync($"{file}.random", rows, row, isBare, idsAreOrdered: false);
        List<Samples> withOrder = [];
        List<Samples> without = [];
        for (int round = 0; round < Rounds; round++)
        {
            withOrder.Add(await Samples.TakeAsync(_ => ordered.InsertAsync(), 1));
            without.Add(await Samples.TakeAsync(_ => random.InsertAsync(), 1));
        }

        Samples.Together(withOrder).Print($"1,000 inserts at {rows:N0}, {what}, ids ordered");
        Samples.Together(without).Print($"1,000 inserts at {rows:N0}, {what}, ids random");
        Samples.PrintRatio($"– random ÷ ordered, {what}", without, withOrder, samples => samples.Mean);
    }

    private sealed class Filling(SqliteProduct product, Side side, IEnumerator<StoredToken> rows) : IAsyncDisposable
    {
        public static async Task<Filling> StartAsync(
            string file, int rows, Func<StoredToken, StoredToken> row, bool isBare, bool idsAreOrdered)
        {
            var population = new Population(rows + (Rounds * Batch), idsAreOrdered);
            var product = new SqliteProduct(file, "tokenkit_");
            Side side = await Side.StartAsync(product, population);
            if (isBare)
            {
                await DropIndexesButThatOfIdsAsync(product);
            }

            IEnumerator<StoredToken> all = population.Rows().Select(row).GetEnumerator();
            await product.FillAsync(Next(all, rows));
            return new Filling(product, side, all);
        }

        public Task InsertAsync() => product.InsertAsync(Next(rows, Batch));

        public ValueTask DisposeAsync()
        {
            rows.Dispose();
            return side.DisposeAsync();
        }

        private static IEnumerable<StoredToken> Next(IEnumerator<StoredToken> rows, int count)
        {
            for (int taken = 0; taken < count && rows.MoveNext(); taken++)
            {
                yield return rows.Current;
            }
        }

        private static async Task DropIndexesButThatOfIdsAsync(Product product)
        {
            while (await product.ExecuteAsync("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'tokenkit_token%' AND name <> 'tokenkit_token_id'")
                is string name)
            {
                await product.ExecuteAsync($"DROP INDEX {name}");
            }
        }
    }
}
