using System.Globalization;
using TokenKit.StoreBenchmarks;

if (args.Length < 3 || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out int rows))
{
    Console.Error.WriteLine("""
        Fills an empty database with tokens and measures what a store costs there. One line per figure, as a row of a Markdown table.

            TokenKit.StoreBenchmarks sqlite     FILE               ROWS [random]
            TokenKit.StoreBenchmarks postgresql CONNECTION-STRING  ROWS

        "random" draws ids that are not ordered by time, to see what their order is worth; only the filling is measured then.
        """);
    return 2;
}

await using Product product = args[0] == "sqlite" ? new SqliteProduct(args[1]) : new PostgreSqlProduct(args[1]);
using var node = await Node.StartAsync(product);
var population = new Population(rows, idsAreOrdered: args.Length == 3);

Console.WriteLine($"| {product.Name}, {rows:N0} rows | p50 | p99 | per second |");
Console.WriteLine("|---|--:|--:|--:|");
await Figures.FillAsync(product, population);
if (args.Length == 3)
{
    var figures = new Figures(product, node.Store, population);
    await figures.LookUpAsync();
    await figures.PageAsync();
    await figures.TouchAsync();
    await figures.IssueAsync();
    await figures.RevokeAllAsync();
    await figures.PurgeAsync();
}

return 0;
