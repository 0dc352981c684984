using System.Diagnostics;
using TokenKit.Dapper.Schema;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>Two processes on one SQLite file.</summary>
[TestClass]
public sealed class TwoProcessTests
{
    [TestMethod]
    public async Task Writers_InTwoProcesses_KeepNamesUniqueAndTheLimit()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        using Process one = Worker.Start("issue", database.File, "1000", "60", "40");
        using Process two = Worker.Start("issue", database.File, "1000", "60", "40");

        await Worker.ReleaseAsync(one, two);
        string[] outcomes = [.. await OutputAsync(one), .. await OutputAsync(two)];

        Assert.HasCount(120, outcomes);
        Assert.AreEqual(40, outcomes.Count(outcome => outcome == nameof(CommitOutcome.Done)), string.Join(' ', outcomes));
        Assert.IsTrue(Array.TrueForAll(outcomes, outcome => outcome is "Done" or "NameTaken" or "CapReached"), string.Join(' ', outcomes));
        Assert.AreEqual(40L, await database.ExecuteAsync("SELECT count(DISTINCT name_key) FROM tokenkit_token"));
        Assert.AreEqual(40L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"));
    }

    [TestMethod]
    public async Task Revocation_InAnotherProcess_IsSeenByTheNextRead()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        using Process other = Worker.Start("revoke", database.File, row.Id.ToString());

        await Worker.ReleaseAsync(other);
        await OutputAsync(other);

        Assert.IsNotNull((await store.FindAsync(row.Id, CancellationToken.None))!.RevokedAt);
    }

    [TestMethod]
    public async Task Migrate_InTwoProcessesAtOnce_MakesOneSchema()
    {
        for (int round = 0; round < 3; round++)
        {
            await using var database = new SqliteDatabase();
            using Process one = Worker.Start("migrate", database.File);
            using Process two = Worker.Start("migrate", database.File);

            await Worker.ReleaseAsync(one, two);
            await OutputAsync(one);
            await OutputAsync(two);

            Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
        }
    }

    [TestMethod]
    public async Task Writers_KilledInMidWrite_LoseNothingThatWasAnsweredAndLeaveNothingHalfWritten()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        var answered = new List<string>();
        for (int round = 0; round < 8; round++)
        {
            using Process one = Worker.Start("issue-until-killed", database.File);
            using Process two = Worker.Start("issue-until-killed", database.File);
            await Worker.ReleaseAsync(one, two);
            for (int line = 0; line < 20 + (7 * round); line++)
            {
                answered.Add((await one.StandardOutput.ReadLineAsync())!);
            }

            one.Kill();
            two.Kill();
            answered.AddRange(await OutputAsync(one, exitCode: 128 + 9));
            answered.AddRange(await OutputAsync(two, exitCode: 128 + 9));
        }

        ITokenStore store = database.OpenStore();
        foreach (string id in answered)
        {
            Assert.IsNotNull(await store.FindAsync(Guid.Parse(id), CancellationToken.None), id);
        }

        // Each process may have been killed between its commit and its answer, and no more than that.
        long tokens = (long)(await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"))!;
        Assert.IsInRange(answered.Count, answered.Count + 16, tokens);
        Assert.AreEqual(tokens, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_change"));
        Assert.AreEqual("ok", await database.ExecuteAsync("PRAGMA integrity_check"));
        await store.AddAsync(Tokens.Row());
    }

    private static async Task<string[]> OutputAsync(Process process, int exitCode = 0)
    {
        string output = await process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(exitCode, process.ExitCode, errors);

        // A process that was killed may have died in the middle of a line.
        return [.. output.Split('\n').SkipLast(1)];
    }
}
