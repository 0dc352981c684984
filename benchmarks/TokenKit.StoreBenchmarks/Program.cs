using System.Globalization;
using TokenKit.StoreBenchmarks;

if (args.Length != 3 || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out int rows))
{
    Console.Error.WriteLine("""
        Fills an empty database with tokens and measures what a store costs there. One line per figure, as a row of a Markdown table.
        The last figures change the database; what a run that was broken off has filled is taken as it is.

            TokenKit.StoreBenchmarks sqlite     FILE               ROWS
            TokenKit.StoreBenchmarks postgresql CONNECTION-STRING  ROWS
            TokenKit.StoreBenchmarks layout     FILE               ROWS

        "layout" compares ids that are ordered by time with ids that are not, in SQLite.
        """);
    return 2;
}

(string product, string address) = (args[0], args[1]);
if (product == "layout")
{
    await IdLayout.CompareAsync(address, rows);
    return 0;
}

// Side by side in one database, so that both meet the same weather.
await using Side small = await Side.FillAsync(NewProduct("small_"), rows: 10_000);
await using Side large = await Side.FillAsync(NewProduct("tokenkit_"), rows);
var figures = new Figures(large, small);
await figures.LookUpAsync();
await figures.PageAsync();
await figures.TouchAsync();
await figures.IssueAsync();
await figures.RevokeAllAsync();
await figures.PurgeAsync();
return 0;

Product NewProduct(string tablePrefix) => product == "sqlite" ? new SqliteProduct(address, tablePrefix) : new PostgreSqlProduct(address, tablePrefix);
