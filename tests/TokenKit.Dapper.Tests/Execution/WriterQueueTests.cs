using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;
using TokenKit.Turns;

namespace TokenKit.Dapper.Tests.Execution;

/// <summary>Writers of one process on SQLite, where one writes at a time.</summary>
[TestClass]
public sealed class WriterQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeLogCollector _logs = new();

    [TestMethod]
    public async Task Revocation_BesideOneWhoseWritersNeverPause_WaitsForFewOfThem()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row("many") with { Scopes = ApiTokens.ManageScope });
        var actor = TokenActor.For(ApiToken.From(acting));
        StoredToken[] own = [await store.AddAsync(Tokens.Row("other")), await store.AddAsync(Tokens.Row("other")), await store.AddAsync(Tokens.Row("other"))];
        int made = 0;
        bool isOver = false;
        Task[] writers = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await store.CommitAsync(new TokenChange.Update(Tokens.Clock, acting, actor) { Name = "renamed" }, CancellationToken.None);
                Interlocked.Increment(ref made);
            }
        }))];
        while (Volatile.Read(ref made) < 200)
        {
            await Task.Delay(1);
        }

        List<int> waitedFor = [];
        foreach (StoredToken row in own)
        {
            int before = Volatile.Read(ref made);
            await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None);
            waitedFor.Add(Volatile.Read(ref made) - before);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(writers);

        // In the order of arrival it would be two hundred.
        Assert.IsLessThan(50, waitedFor.Max(), $"{string.Join(", ", waitedFor)} changes were made while a revocation waited.");
    }

    [TestMethod]
    public async Task Revocation_WithNothingToRevoke_DoesNotStandInLine()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken revoked = await store.AddAsync(Tokens.Row());
        StoredToken spared = await store.AddAsync(Tokens.Row("spared"));
        TokenChange.Delete deletion = new(Tokens.Clock, spared.Id, "api", SubjectFilter.Is("another"), TokenActor.Host);
        await store.CommitAsync(Tokens.Revoke(revoked.Id), CancellationToken.None);
        var lost = TokenActor.For(ApiToken.From(revoked with { Scopes = ApiTokens.ManageScope }));
        (TokenChange Change, CommitOutcome Outcome)[] changes =
        [
            (Tokens.Revoke(revoked.Id), CommitOutcome.Done),
            (Tokens.Revoke(Guid.NewGuid()), CommitOutcome.NotFound),
            (deletion, CommitOutcome.NotFound),
            (new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is(revoked.Subject), TokenActor.Host), CommitOutcome.Done),
            (new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is("spared"), TokenActor.Host) { Spared = spared.Id }, CommitOutcome.Done),
            (new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is("nobody"), lost), CommitOutcome.ActorLost),
            (new TokenChange.Revoke(Tokens.Clock, Guid.NewGuid(), "api", SubjectFilter.Any, lost), CommitOutcome.ActorLost),
        ];

        // Somebody else holds the lock for writing.
        await using System.Data.Common.DbConnection holder = await database.Source.OpenConnectionAsync();
        await using System.Data.Common.DbCommand hold = holder.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        await hold.ExecuteNonQueryAsync();
        foreach ((TokenChange change, CommitOutcome outcome) in changes)
        {
            Assert.AreEqual(outcome, (await store.CommitAsync(change, CancellationToken.None)).Outcome, change.ToString());
        }

        hold.CommandText = "ROLLBACK";
        await hold.ExecuteNonQueryAsync();
        TokenChange.RevokeAll all = new(Tokens.Clock, "api", SubjectFilter.Is("spared"), TokenActor.Host);
        Assert.AreEqual(1, (await store.CommitAsync(all, CancellationToken.None)).Written);

        // A repeated change is answered as the first time, though nothing is left to revoke or delete.
        Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(all, CancellationToken.None)).Outcome);
        TokenChange.Delete deleted = new(Tokens.Clock, spared.Id, "api", SubjectFilter.Any, TokenActor.Host);
        Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(deleted, CancellationToken.None)).Outcome);
        Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(deleted, CancellationToken.None)).Outcome);
    }

    [TestMethod]
    public async Task Queue_ThatIsFull_TurnsAwayAtOnceAndSaysSoTwice()
    {
        var queue = new WriterQueue(new FakeLogger(_logs));
        Task<IDisposable>[] waiting = [.. Enumerable.Range(0, 2_000).Select(number => EnterAsync(queue, "many", number, TurnLane.Second))];
        Task<IDisposable>[] turnedAway = [.. waiting.Where(task => task.IsFaulted)];

        // There is room left for another subject, and for a revocation.
        Task<IDisposable> other = EnterAsync(queue, "other", 0, TurnLane.Second);
        Task<IDisposable> revocation = EnterAsync(queue, "other", 1, TurnLane.First);
        Assert.AreEqual((false, false), (other.IsFaulted, revocation.IsFaulted));
        Assert.IsGreaterThan(1_000, turnedAway.Length);
        foreach (Task<IDisposable> task in turnedAway)
        {
            TokenStoreException exception = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => task);
            Assert.AreEqual(TimeSpan.FromSeconds(1), exception.RetryAfter);
        }

        await Task.WhenAll(waiting.Except(turnedAway).Append(other).Append(revocation).Select(static async task => (await task).Dispose()));
        (await EnterAsync(queue, "many", 0, TurnLane.Second)).Dispose();
        CollectionAssert.AreEqual(
            new[] { (LogLevel.Warning, 2100), (LogLevel.Information, 2101) },
            _logs.GetSnapshot().Select(line => (line.Level, line.Id.Id)).ToArray());
        Assert.Contains($"{turnedAway.Length}", _logs.GetSnapshot()[1].Message);
    }

    [TestMethod]
    public async Task Queue_WriterThatGivesUp_LeavesItsTurnToTheNext()
    {
        var queue = new WriterQueue(new FakeLogger(_logs));
        IDisposable first = await EnterAsync(queue, "one", 0, TurnLane.Second);
        using var caller = new CancellationTokenSource();
        Task<IDisposable> hungUp = queue.EnterAsync("write", WriterOf("two", 0, TurnLane.Second), Patience, caller.Token);
        Task<IDisposable> impatient = queue.EnterAsync("write", WriterOf("three", 0, TurnLane.Second), TimeSpan.FromMilliseconds(1), CancellationToken.None);
        Task<IDisposable> last = EnterAsync(queue, "four", 0, TurnLane.Second);

        await caller.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => hungUp);
        TokenStoreException exception = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => impatient);
        Assert.IsNotNull(exception.RetryAfter);
        Assert.IsFalse(last.IsCompleted);
        first.Dispose();

        (await last).Dispose();
    }

    private static Task<IDisposable> EnterAsync(WriterQueue queue, string subject, int token, TurnLane lane) =>
        queue.EnterAsync("write", WriterOf(subject, token, lane), Patience, CancellationToken.None);

    private static Writer WriterOf(string subject, int token, TurnLane lane) => new(new TurnOwner("api", subject, new Guid(token, 0, 0, new byte[8])), lane);
}
