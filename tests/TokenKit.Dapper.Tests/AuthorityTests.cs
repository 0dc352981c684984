using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Hashing;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests;

/// <summary>A token's authority is judged with the act: on rows that are locked, on any node, whatever happens at the same moment.</summary>
/// <remarks>With <c>TOKENKIT_LONG=1</c> there are 200 rounds each.</remarks>
[TestClass]
public sealed class AuthorityTests
{
    private const string Realm = "api";
    private const string Subject = "1000";
    private const int Loops = 24;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TOKENKIT_LONG") == "1";
    private static readonly int Rounds = IsLong ? 200 : 4;
    private static readonly ScopeSet Managing = ScopeSet.Create(ApiTokens.ManageScope);

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_WhileTokensIssueOnTwoNodes_LeavesNoneThatARevokedTokenIssued(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using Nodes nodes = await Nodes.StartAsync(database, product);
        for (int round = 0; round < Rounds; round++)
        {
            ApiToken first = await nodes.IssueAsync(0, Subject, actor: null);
            ConcurrentBag<ApiToken> issued = [];
            var running = new Signal(Loops);
            Task[] loops = [.. Enumerable.Range(0, Loops).Select(loop => Task.Run(() => IssueChainAsync(nodes.Tokens(loop), first, Subject, issued, running)))];
            await running.Reached;

            int revoked = await nodes.Tokens(round).RevokeAllAsync(Realm, SubjectFilter.Is(Subject), spared: null);
            Assert.AreEqual(0, await nodes.Store.CountAsync(Realm, SubjectFilter.Is(Subject), CancellationToken.None), "tokens that live after the answer");
            await Task.WhenAll(loops);

            Assert.AreEqual(0, await nodes.Store.CountAsync(Realm, SubjectFilter.Is(Subject), CancellationToken.None), "tokens that live in the end");
            Assert.AreEqual(issued.Count + 1, revoked);
        }
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_WhileTheHostAndAnotherSubjectsTokenIssue_ReachesAllThatWasAnsweredBefore(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using Nodes nodes = await Nodes.StartAsync(database, product);
        ApiToken other = await nodes.IssueAsync(0, "manager", actor: null);
        for (int round = 0; round < Rounds; round++)
        {
            ConcurrentQueue<Guid> answered = [];
            using var enough = new CancellationTokenSource();
            Task[] loops =
            [
                .. Enumerable.Range(0, 4).Select(loop => Task.Run(async () =>
                {
                    while (!enough.IsCancellationRequested)
                    {
                        answered.Enqueue((await nodes.IssueAsync(loop, Subject, loop % 2 == 0 ? null : other)).Id);
                    }
                })),
            ];
            while (answered.Count < 20)
            {
                await Task.Delay(1);
            }

            Guid[] before = [.. answered];
            await nodes.Tokens(round).RevokeAllAsync(Realm, SubjectFilter.Is(Subject), spared: null);
            await enough.CancelAsync();
            await Task.WhenAll(loops);

            foreach (Guid id in before)
            {
                Assert.IsNotNull((await nodes.Store.FindAsync(id, CancellationToken.None))!.RevokedAt);
            }
        }

        Assert.IsNull((await nodes.Store.FindAsync(other.Id, CancellationToken.None))!.RevokedAt);
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_TwiceAtOnceByATokenAmongThousands_IsAllOrNothing(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using Nodes nodes = await Nodes.StartAsync(database, product);
        ApiToken acting = await nodes.IssueAsync(0, Subject, actor: null);
        await database.ExecuteAsync(CopiesOf(product, acting.Id, 2_499));

        RevokeAllResult[] results = await Task.WhenAll(Enumerable.Range(0, 2).Select(node => nodes.Tokens(node).RevokeAllAsync(
            new RevokeAllRequest(Realm, SubjectFilter.Is(Subject)) { Actor = TokenActor.For(acting) })));

        CollectionAssert.AreEquivalent(
            new RevokeAllResult[] { new RevokeAllResult.Revoked(2_500), new RevokeAllResult.Rejected(RejectionReason.ActorEnded) }, results);
        Assert.AreEqual(0, await nodes.Store.CountAsync(Realm, SubjectFilter.Is(Subject), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_OfMoreThanOneTransactionMayHold_SweepsFirst(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using Nodes nodes = await Nodes.StartAsync(database, product);
        ApiToken acting = await nodes.IssueAsync(0, Subject, actor: null);
        ApiToken foreign = await nodes.IssueAsync(0, "1001", actor: null);
        await database.ExecuteAsync(CopiesOf(product, acting.Id, 10_500));

        RevokeAllResult result = await nodes.Tokens(0).RevokeAllAsync(
            new RevokeAllRequest(Realm, SubjectFilter.Is(Subject)) { Actor = TokenActor.For(acting), Spared = acting });

        Assert.AreEqual(new RevokeAllResult.Revoked(10_500), result);
        Assert.AreEqual(1L, await nodes.Store.CountAsync(Realm, SubjectFilter.Is(Subject), CancellationToken.None));
        Assert.IsNull((await nodes.Store.FindAsync(foreign.Id, CancellationToken.None))!.RevokedAt);
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task RevokeAll_OfARealmByATokenOfIt_EndsEverySubjectAndTheTokenLast(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using Nodes nodes = await Nodes.StartAsync(database, product);
        ApiToken acting = await nodes.IssueAsync(0, Subject, actor: null);
        string[] subjects = [.. Enumerable.Range(0, 8).Select(number => $"subject {number}")];
        foreach (string subject in subjects)
        {
            await nodes.IssueAsync(0, subject, actor: null);
        }

        // They issue for each other, so that a subject that is closed gets new tokens from one that is not.
        ConcurrentBag<ApiToken> issued = [];
        var running = new Signal(subjects.Length);
        Task[] loops = [.. subjects.Select((subject, loop) => Task.Run(() => IssueChainAsync(nodes.Tokens(loop), acting, subject, issued, running)))];
        await running.Reached;
        RevokeAllResult result = await nodes.Tokens(0).RevokeAllAsync(new RevokeAllRequest(Realm, SubjectFilter.Any) { Actor = TokenActor.For(acting) });
        await Task.WhenAll(loops);

        Assert.AreEqual(new RevokeAllResult.Revoked(issued.Count + 9), result);
        Assert.AreEqual(0L, await nodes.Store.CountAsync(Realm, SubjectFilter.Any, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("SQLite", false)]
    [DataRow("SQLite", true)]
    [DataRow("PostgreSQL", false)]
    [DataRow("PostgreSQL", true)]
    public async Task Issue_HeldBetweenJudgementAndCommit_IsSeenByTheRevocationThatBeganMeanwhile(string product, bool all)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        ITokenStore store = database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        using var clock = new HeldClock();
        var issue = new TokenChange.Issue(clock, Tokens.Row() with { Scopes = "" }, TokenActor.For(ApiToken.From(acting)));
        TokenChange revocation = all ? new TokenChange.RevokeAll(Tokens.Clock, Realm, SubjectFilter.Is(Subject), TokenActor.Host) : Tokens.Revoke(acting.Id);

        clock.Hold();
        Task<CommitResult> issuing = Task.Run(() => store.CommitAsync(issue, CancellationToken.None).AsTask());
        await clock.Reached;
        Task<CommitResult> revoking = Task.Run(() => store.CommitAsync(revocation, CancellationToken.None).AsTask());
        await Task.Delay(200);
        Assert.IsFalse(revoking.IsCompleted, "A revocation passed a change that its token had been judged for.");
        clock.Release();

        Assert.AreEqual(CommitOutcome.Done, (await issuing).Outcome);
        Assert.AreEqual(all ? 2 : 1, (await revoking).Written);
        Assert.AreEqual(all, (await store.FindAsync(issue.Token.Id, CancellationToken.None))!.RevokedAt is not null);
    }

    [TestMethod]
    [DataRow("SQLite", false)]
    [DataRow("SQLite", true)]
    [DataRow("PostgreSQL", false)]
    [DataRow("PostgreSQL", true)]
    public async Task Change_ThatBeganWhileARevocationWasHeld_IsMadeByNoLivingToken(string product, bool all)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        ITokenStore store = database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        StoredToken target = await store.AddAsync(Tokens.Row("another") with { Scopes = "" });
        using var clock = new HeldClock();
        var actor = TokenActor.For(ApiToken.From(acting));
        TokenChange revocation = all
            ? new TokenChange.RevokeAll(clock, Realm, SubjectFilter.Is(Subject), TokenActor.Host)
            : new TokenChange.Revoke(clock, acting.Id, Realm, SubjectFilter.Any, TokenActor.Host);
        TokenChange[] changes =
        [
            new TokenChange.Issue(Tokens.Clock, Tokens.Row() with { Scopes = "" }, actor),
            new TokenChange.Issue(Tokens.Clock, Tokens.Row("another") with { Scopes = "" }, actor),
            new TokenChange.Update(Tokens.Clock, target, actor) { Name = "renamed" },
            new TokenChange.Revoke(Tokens.Clock, target.Id, Realm, SubjectFilter.Any, actor),
            new TokenChange.Delete(Tokens.Clock, target.Id, Realm, SubjectFilter.Any, actor),
            new TokenChange.RevokeAll(Tokens.Clock, Realm, SubjectFilter.Is("another"), actor),
        ];

        // On SQLite a revocation first reads whether there is anything to revoke.
        clock.Hold(after: product == "SQLite" ? 1 : 0);
        Task<CommitResult> revoking = Task.Run(() => store.CommitAsync(revocation, CancellationToken.None).AsTask());
        await clock.Reached;
        Task<CommitResult>[] acts = [.. changes.Select(change => Task.Run(() => store.CommitAsync(change, CancellationToken.None).AsTask()))];
        await Task.Delay(200);
        Assert.IsFalse(acts.Any(act => act.IsCompleted), "A change did not wait for the revocation of its token.");
        clock.Release();

        await revoking;
        foreach (CommitResult result in await Task.WhenAll(acts))
        {
            Assert.AreEqual((CommitOutcome.ActorLost, RejectionReason.ActorEnded), (result.Outcome, result.Reason));
        }

        Assert.AreEqual(target, await store.FindAsync(target.Id, CancellationToken.None) is { } left ? left with { Secret = target.Secret } : null);
    }

    [TestMethod]
    public async Task Writes_OfTokensThatAreRevokedMeanwhile_AreCommittedBeforeTheRevocation()
    {
        await using PostgreSqlServer server = await RequiredPostgreSql.StartAsync("track_commit_timestamp=on");
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync(server);
        await using Nodes nodes = await Nodes.StartAsync(database, "PostgreSQL");
        int written = 0;
        for (int round = 0; round < Rounds; round++)
        {
            ApiToken acting = await nodes.IssueAsync(0, Subject, actor: null);
            ApiToken[] targets = [.. await Task.WhenAll(Enumerable.Range(0, 16).Select(number => nodes.IssueAsync(number, $"target {number}", actor: null)))];
            var running = new Signal(48);
            Task<int>[] loops = [.. targets.Select((target, loop) => Task.Run(() => ActAsync(nodes.Tokens(loop), acting, target, running)))];
            await running.Reached;
            await nodes.Tokens(round).RevokeAsync(Realm, acting.Id, SubjectFilter.Any);
            written += (await Task.WhenAll(loops)).Sum();

            // Each row was last written by the transaction that its xmin names: nobody verifies, so nothing else writes.
            object? late = await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
                SELECT count(*)
                FROM tokenkit_token AS written, tokenkit_token AS acting
                WHERE acting.id = '\x{acting.Id:N}' AND written.id <> acting.id
                  AND (written.issued_by = acting.id OR written.id = ANY (ARRAY[{string.Join(',', targets.Select(target => $"'\\x{target.Id:N}'::bytea"))}]))
                  AND pg_xact_commit_timestamp(written.xmin) > pg_xact_commit_timestamp(acting.xmin)
                """));
            Assert.AreEqual(0L, late, "writes that were committed after the revocation of their token");
        }

        Assert.IsGreaterThan(Rounds * 16, written);
    }

    [TestMethod]
    public async Task Updates_CrosswiseAndOfThemselves_NeitherDeadlockNorFail()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using Nodes nodes = await Nodes.StartAsync(database, "PostgreSQL");
        ApiToken[] tokens = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(number => nodes.IssueAsync(number, Subject, actor: null)))];
        long deadlocks = await DeadlocksAsync(database);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(IsLong ? 20 : 2));
        int[] updates = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            int count = 0;
            for (; !enough.IsCancellationRequested; count++)
            {
                // Every token acts on every other, and on itself.
                var request = new UpdateRequest(Realm, tokens[(caller + count) % 4].Id, SubjectFilter.Any) { Name = $"{caller}.{count}", Actor = TokenActor.For(tokens[caller % 4]) };
                Assert.IsInstanceOfType<UpdateResult.Updated>(await nodes.Tokens(caller).UpdateAsync(request));
            }

            return count;
        })));

        Assert.IsGreaterThan(64, updates.Sum());
        Assert.AreEqual(deadlocks, await DeadlocksAsync(database));
    }

    [TestMethod]
    public async Task Updates_OfOneTokenBySixteenAtOnce_AllSucceed()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await using Nodes nodes = await Nodes.StartAsync(database, "PostgreSQL");
        ApiToken token = await nodes.IssueAsync(0, Subject, actor: null);

        UpdateResult[] results = await Task.WhenAll(Enumerable.Range(0, 160).Select(number => Task.Run(
            () => nodes.Tokens(number).UpdateAsync(new UpdateRequest(Realm, token.Id, SubjectFilter.Any) { Name = $"{number}" }))));

        Assert.IsTrue(Array.TrueForAll(results, result => result is UpdateResult.Updated));
        Assert.AreEqual(161L, (await nodes.Store.FindAsync(token.Id, CancellationToken.None))!.Version);
    }

    [TestMethod]
    public async Task Revocation_OfATokenWhoseChangeWaitsForAStranger_DoesNotWaitWithIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        StoredToken target = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection stranger = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await stranger.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"SELECT 1 FROM tokenkit_token WHERE id = '\\x{target.Id:N}' FOR UPDATE", stranger, transaction))
        {
            await command.ExecuteScalarAsync();
        }

        Task<CommitResult> act = store.CommitAsync(new TokenChange.Delete(Tokens.Clock, target.Id, Realm, SubjectFilter.Any, TokenActor.For(ApiToken.From(acting))), CancellationToken.None).AsTask();
        await PostgreSqlFailureTests.WaitForTheLockAsync(database);
        CommitResult revoked = await store.CommitAsync(Tokens.Revoke(acting.Id), CancellationToken.None);
        Assert.AreEqual(1, revoked.Written);
        Assert.IsFalse(act.IsCompleted);

        await transaction.RollbackAsync();
        Assert.AreEqual(CommitOutcome.ActorLost, (await act).Outcome);
        Assert.IsNotNull(await store.FindAsync(target.Id, CancellationToken.None));
    }

    [TestMethod]
    public async Task Change_WhoseLocksAreHeldForLong_IsMadeAfterSeveralTries()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        var store = new DapperTokenStore(new SqlDatabase(database.Source, database.Dialect()) { LockTimeout = TimeSpan.FromMilliseconds(100) });
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection stranger = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await stranger.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"SELECT 1 FROM tokenkit_token WHERE id = '\\x{row.Id:N}' FOR UPDATE", stranger, transaction))
        {
            await command.ExecuteScalarAsync();
        }

        Task<CommitResult> update = store.CommitAsync(new TokenChange.Update(Tokens.Clock, row, TokenActor.Host) { Name = "renamed" }, CancellationToken.None).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.IsFalse(update.IsCompleted);
        await transaction.RollbackAsync();

        Assert.AreEqual("renamed", (await update).Token!.Name);
    }

    private static async Task IssueChainAsync(ApiTokens tokens, ApiToken first, string subject, ConcurrentBag<ApiToken> issued, Signal running)
    {
        ApiToken acting = first;
        while (true)
        {
            IssueResult result = await tokens.IssueAsync(new IssueRequest(Realm) { Subject = subject, Scopes = Managing, Actor = TokenActor.For(acting) });
            if (result is not IssueResult.Issued child)
            {
                Assert.AreEqual(new IssueResult.Rejected(RejectionReason.ActorEnded), result);
                return;
            }

            issued.Add(child.Token);
            acting = child.Token;
            running.Set();
        }
    }

    // Issues, and renames one token, until the acting token is refused. Gives how often it was not.
    private static async Task<int> ActAsync(ApiTokens tokens, ApiToken acting, ApiToken target, Signal running)
    {
        for (int count = 0; ; count++)
        {
            bool isMade = count % 2 == 0
                ? await tokens.IssueAsync(new IssueRequest(Realm) { Subject = Subject, Scopes = ScopeSet.Empty, Actor = TokenActor.For(acting) }) is IssueResult.Issued
                : await tokens.UpdateAsync(new UpdateRequest(Realm, target.Id, SubjectFilter.Any) { Name = $"{count}", Actor = TokenActor.For(acting) }) is UpdateResult.Updated;
            running.Set();
            if (!isMade)
            {
                return count;
            }
        }
    }

    private static async Task<long> DeadlocksAsync(PostgreSqlDatabase database)
    {
        // Sessions report them once a second at most.
        await Task.Delay(1100);
        return (long)(await database.ExecuteAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))!;
    }

    private static string CopiesOf(string product, Guid id, int count)
    {
        (string newId, string source) = product == "SQLite"
            ? ("randomblob(16)", $"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)")
            : ("decode(md5(random()::text || i), 'hex')", $"generate_series(1, {count}) AS n(i)");
        string constant = product == "SQLite" ? $"x'{id:N}'" : $"'\\x{id:N}'";
        const string Copied = "realm, kind, subject, name, scopes, hint, hash, created_at, updated_at, version";
        return $"INSERT INTO tokenkit_token (id, {Copied}) SELECT {newId}, {Copied} FROM tokenkit_token, {source} WHERE id = {constant}";
    }

    /// <summary>A clock that stops whoever asks it for the time, from the moment at which it is told to.</summary>
    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new(initialState: true);
        private int _free;

        public Task Reached => _reached.Task;

        /// <summary>Stops whoever asks from now on, but for the first few times.</summary>
        public void Hold(int after = 0)
        {
            _free = after;
            _open.Reset();
        }

        public void Release() => _open.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (!_open.IsSet && Interlocked.Decrement(ref _free) < 0)
            {
                _reached.TrySetResult();
                _open.Wait();
            }

            return Tokens.Now;
        }

        public void Dispose() => _open.Dispose();
    }

    /// <summary>Tells that something happened a number of times.</summary>
    private sealed class Signal(int times)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = times;

        public Task Reached => _reached.Task;

        public void Set()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _reached.SetResult();
            }
        }
    }

    /// <summary>Two nodes on one database.</summary>
    private sealed class Nodes(ITokenStore store, IHost[] hosts) : IAsyncDisposable
    {
        private readonly ApiTokens[] _tokens = [.. hosts.Select(host => host.Services.GetRequiredService<ApiTokens>())];

        public ITokenStore Store { get; } = store;

        public static async Task<Nodes> StartAsync(ITestDatabase database, string product)
        {
            IHost[] hosts = [Build(database, product), Build(database, product)];
            foreach (IHost host in hosts)
            {
                await host.StartAsync();
            }

            return new Nodes(database.OpenStore(), hosts);
        }

        /// <summary>One of the nodes, in turns.</summary>
        public ApiTokens Tokens(int number) => _tokens[number % 2];

        /// <summary>Issues a token that manages others.</summary>
        public async Task<ApiToken> IssueAsync(int node, string subject, ApiToken? actor)
        {
            IssueResult result = await Tokens(node).IssueAsync(new IssueRequest(Realm)
            {
                Subject = subject,
                Scopes = Managing,
                Actor = actor is null ? TokenActor.Host : TokenActor.For(actor),
            });
            return ((IssueResult.Issued)result).Token;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (IHost host in hosts)
            {
                await host.StopAsync();
                host.Dispose();
            }
        }

        private static IHost Build(ITestDatabase database, string product)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
            builder.Services.AddSingleton<ISecretHasher>(new QuickHasher());
            TokenKitBuilder tokenKit = builder.Services.AddLogging().AddTokenKit().AddRealm(Realm, static realm => realm.Prefix = "acme");
            if (product == "SQLite")
            {
                tokenKit.UseStore(_ => new PatientStore(database.OpenStore()));
            }
            else
            {
                tokenKit.UsePostgreSql(NpgsqlDataSource.Create(database.Address), options => options.SchemaName = ((PostgreSqlDatabase)database).Options.SchemaName);
            }

            return builder.Build();
        }
    }

    /// <summary>A node whose callers do as the documentation says: between two nodes SQLite keeps no queue, and a writer may lose the race for the lock.</summary>
    private sealed class PatientStore(ITokenStore store) : ITokenStore
    {
        public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

        public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

        public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken) => store.CountAsync(realm, owner, cancellationToken);

        public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken) =>
            await Worker.RepeatAsync(() => store.CommitAsync(change, cancellationToken));

        public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => store.CommitBatchAsync(batch, cancellationToken);

        public ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);
    }
}
