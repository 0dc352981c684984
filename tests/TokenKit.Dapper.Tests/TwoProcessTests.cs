using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>Two processes on one database: nodes that share nothing else.</summary>
[TestClass]
public sealed class TwoProcessTests
{
    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Writers_InTwoProcesses_KeepNamesUniqueAndTheLimit(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        using Process one = Worker.Start("issue", database.Address, "1000", "60", "40");
        using Process two = Worker.Start("issue", database.Address, "1000", "60", "40");

        await Worker.ReleaseAsync(one, two);
        string[] outcomes = [.. await OutputAsync(one), .. await OutputAsync(two)];

        Assert.HasCount(120, outcomes);
        Assert.AreEqual(40, outcomes.Count(outcome => outcome == nameof(CommitOutcome.Done)), string.Join(' ', outcomes));
        Assert.IsTrue(Array.TrueForAll(outcomes, outcome => outcome is "Done" or "NameTaken" or "CapReached"), string.Join(' ', outcomes));
        Assert.AreEqual(40L, await database.ExecuteAsync("SELECT count(DISTINCT name_key) FROM tokenkit_token"));
        Assert.AreEqual(40L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"));
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Revocation_OnOneNode_RefusesTheNextRequestOnTheOther(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        using IHost host = await Worker.StartNodeAsync(database.Address);
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        using Process other = Worker.Start("verify", database.Address);
        await Worker.ReleaseAsync(other);

        for (int round = 0; round < 10; round++)
        {
            var issued = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" });
            Assert.AreEqual("Valid", await AskAsync(other, issued));
            Assert.AreEqual("Valid", await AskAsync(other, issued), "The other node has proved the text and remembers that.");

            await tokens.RevokeAsync("api", issued.Token.Id, SubjectFilter.Is("1000"));

            Assert.AreEqual("Revoked", await AskAsync(other, issued));
        }

        other.StandardInput.Close();
        await OutputAsync(other);
        await host.StopAsync();
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_WhileAnotherNodeIssues_ReachesWhatWasAnsweredBefore(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        ITokenStore store = database.OpenStore();
        using Process other = Worker.Start("issue-until-killed", database.Address);
        await Worker.ReleaseAsync(other);

        for (int round = 0; round < 5; round++)
        {
            List<Guid> answered = [];
            for (int line = 0; line < 30; line++)
            {
                answered.Add(Guid.Parse((await other.StandardOutput.ReadLineAsync())!));
            }

            var revokeAll = new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is("1000"), TokenActor.Host);
            await Worker.RepeatAsync(() => store.CommitAsync(revokeAll, CancellationToken.None));

            foreach (Guid id in answered)
            {
                Assert.IsNotNull((await store.FindAsync(id, CancellationToken.None))?.RevokedAt);
            }
        }

        other.Kill();
        await other.WaitForExitAsync();
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Purge_OnTwoNodesAtOnce_RemovesEachTokenOnceAndNoOther(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        ITokenStore store = database.OpenStore();
        StoredToken living = await store.AddAsync(Tokens.Row());
        await database.ExecuteAsync(Copies(product, 3000));
        using Process one = Worker.Start("purge", database.Address, "100");
        using Process two = Worker.Start("purge", database.Address, "100");

        await Worker.ReleaseAsync(one, two);
        int[] removed = [.. (await OutputAsync(one)).Concat(await OutputAsync(two)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

        Assert.AreEqual(3000, removed.Sum());
        Assert.AreEqual(1L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"));
        Assert.IsNotNull(await store.FindAsync(living.Id, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Migrate_InTwoProcessesAtOnce_MakesOneSchema(string product)
    {
        for (int round = 0; round < 3; round++)
        {
            await using ITestDatabase database = await ITestDatabase.CreateEmptyAsync(product);
            using Process one = Worker.Start("migrate", database.Address);
            using Process two = Worker.Start("migrate", database.Address);

            await Worker.ReleaseAsync(one, two);
            await OutputAsync(one);
            await OutputAsync(two);

            Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
        }
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Writers_KilledInMidWrite_LoseNothingThatWasAnsweredAndLeaveNothingHalfWritten(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        var answered = new List<string>();
        for (int round = 0; round < 8; round++)
        {
            using Process one = Worker.Start("issue-until-killed", database.Address);
            using Process two = Worker.Start("issue-until-killed", database.Address);
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

        // A process that died holds no lock.
        await store.CommitAsync(Tokens.Issue(Tokens.Row(), limit: int.MaxValue), CancellationToken.None);

        // Each process may have been killed between its commit and its answer, and no more than that.
        long tokens = (long)(await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token"))!;
        Assert.IsInRange(answered.Count + 1, answered.Count + 1 + 16, tokens);
        Assert.AreEqual(tokens, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_change"));
        if (product == "SQLite")
        {
            Assert.AreEqual("ok", await database.ExecuteAsync("PRAGMA integrity_check"));
        }
    }

    /// <summary>Copies the only token: as many that expired or were revoked long ago, and one change each.</summary>
    private static string Copies(string product, int count)
    {
        string numbers = product == "SQLite"
            ? $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            : $"WITH n(i) AS (SELECT * FROM generate_series(1, {count}))";
        string id = product == "SQLite" ? "randomblob(16)" : "uuid_send(gen_random_uuid())";
        return $"""
            {numbers}
            INSERT INTO tokenkit_token (id, realm, kind, subject, name, scopes, hint, hash, created_at, updated_at, expires_at, revoked_at, version)
            SELECT {id}, realm, kind, subject, name, scopes, hint, hash, i, i, CASE WHEN i % 3 > 0 THEN i END, CASE WHEN i % 3 < 2 THEN i END, 1
            FROM n, tokenkit_token
            """;
    }

    private static async Task<string?> AskAsync(Process node, IssueResult.Issued issued)
    {
        await node.StandardInput.WriteLineAsync(issued.Plaintext.Reveal());
        return await node.StandardOutput.ReadLineAsync();
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
