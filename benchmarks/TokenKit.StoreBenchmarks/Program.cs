using System.Globalization;
using TokenKit.StoreBenchmarks;

switch (args)
{
    case ["changes", .. var rest]:
        await ChangeRates.CompareAsync(rest.FirstOrDefault(arg => arg.StartsWith("--against=", StringComparison.Ordinal))?["--against=".Length..], rounds: 5);
        return 0;
    case ["changes-once", var database, var operation]:
        await ChangeRates.MeasureAsync(database, operation);
        return 0;
    case ["contention"]:
        await Contention.MeasureAsync();
        return 0;
    case ["revoke-all", var size]:
        await RevokeAllTiming.MeasureAsync(int.Parse(size, CultureInfo.InvariantCulture));
        return 0;
}

if (args.Length != 3 || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out int rows))
{
    Console.Error.WriteLine("""
        Fills an empty database with tokens and measures what a store costs there. One line per figure, as a row of a Markdown table.
        The last figures change the database; what a run that was broken off has filled is taken as it is.

            TokenKit.StoreBenchmarks sqlite     FILE               ROWS
            TokenKit.StoreBenchmarks postgresql CONNECTION-STRING  ROWS
            TokenKit.StoreBenchmarks layout     FILE               ROWS
            TokenKit.StoreBenchmarks changes    [--against=PROGRAM]
            TokenKit.StoreBenchmarks contention
            TokenKit.StoreBenchmarks revoke-all ROWS

        "layout" compares ids that are ordered by time with ids that are not, in SQLite. The last three start a PostgreSQL of their own.
        "changes" counts single changes a second, beside those of another build where its program is given. "contention" revokes a token that 64
        callers act with. "revoke-all" revokes so many tokens of one subject, as many of a tenth as many subjects, and 1,000 beside 24 issuers.
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
