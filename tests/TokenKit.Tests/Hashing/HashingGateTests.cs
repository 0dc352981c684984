using Microsoft.Extensions.DependencyInjection;
using TokenKit.Hashing;
using TokenKit.TestKit;
using TokenKit.Turns;
using TokenKit.Verification;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class HashingGateTests
{
    [TestMethod]
    public async Task Gate_Full_TurnsAwayInsteadOfRefusing()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(
            configure: builder => builder.ConfigureHashing(options =>
            {
                options.MaximumConcurrency = 1;
                options.QueueLimit = 1;
                options.RetryAfter = TimeSpan.FromSeconds(7);
            }),
            store: first.Store.Inner);
        string[] texts = [.. (await Task.WhenAll(Enumerable.Range(0, 4).Select(i => first.IssueAsync(name: $"{i}")))).Select(issued => issued.Plaintext.Reveal())];
        using var release = new ManualResetEventSlim();
        int running = 0;
        int mostRunning = 0;
        second.Hasher.DuringVerification = () =>
        {
            mostRunning = Math.Max(mostRunning, Interlocked.Increment(ref running));
            release.Wait(TimeSpan.FromSeconds(30));
            Interlocked.Decrement(ref running);
        };

        Task<VerificationResult> runs = second.Tokens.VerifyAsync(TestNode.Realm, texts[0]).AsTask();
        Task<VerificationResult> waits = second.Tokens.VerifyAsync(TestNode.Realm, texts[1]).AsTask();
        VerificationResult turnedAway = await second.Tokens.VerifyAsync(TestNode.Realm, texts[2]);
        IssueResult notIssued = await second.Tokens.IssueAsync(new IssueRequest(TestNode.Realm) { Subject = "1000" });
        release.Set();

        Assert.AreEqual(new VerificationResult.Unavailable(TimeSpan.FromSeconds(7)), turnedAway);
        Assert.AreEqual(new IssueResult.Unavailable(TimeSpan.FromSeconds(7)), notIssued);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await runs);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await waits);
        Assert.AreEqual(1, mostRunning);
        Assert.AreEqual(2, second.Meter.Count("tokenkit.hash.turned_away"));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, texts[2]));
    }

    [TestMethod]
    public async Task Gate_CallerHangsUp_PermitStaysWithTheWorkAndTheProofIsKept()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(
            configure: builder => builder.ConfigureHashing(options =>
            {
                options.MaximumConcurrency = 1;
                options.QueueLimit = 0;
            }),
            store: first.Store.Inner);
        string[] texts = [.. (await Task.WhenAll(Enumerable.Range(0, 2).Select(i => first.IssueAsync(name: $"{i}")))).Select(issued => issued.Plaintext.Reveal())];
        using var release = new ManualResetEventSlim();
        second.Hasher.DuringVerification = () => release.Wait(TimeSpan.FromSeconds(30));
        using var hangUp = new CancellationTokenSource();

        Task<VerificationResult> verifying = second.Tokens.VerifyAsync(TestNode.Realm, texts[0], hangUp.Token).AsTask();
        await hangUp.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => verifying);
        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await second.Tokens.VerifyAsync(TestNode.Realm, texts[1]));

        // The same text joins the work that goes on.
        Task<VerificationResult> joined = second.Tokens.VerifyAsync(TestNode.Realm, texts[0]).AsTask();
        release.Set();
        Assert.IsInstanceOfType<VerificationResult.Valid>(await joined);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, texts[0]));
        Assert.AreEqual(1, second.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Gate_OneSubjectFloods_OthersAreServedNext()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureHashing(options =>
        {
            options.MaximumConcurrency = 1;
            options.QueueLimit = 8;
        }));
        using var release = new ManualResetEventSlim();
        kit.Hasher.DuringHash = () => release.Wait(TimeSpan.FromSeconds(30));

        // One runs and four wait: half of the places. The others are told to come back, and still there is room for another subject.
        Task<IssueResult>[] flood = [.. Enumerable.Range(0, 20).Select(_ => kit.Tokens.IssueAsync(new IssueRequest(TestNode.Realm) { Subject = "flood" }))];
        Task<IssueResult> other = kit.Tokens.IssueAsync(new IssueRequest(TestNode.Realm) { Subject = "1000" });
        Assert.AreEqual(5, kit.Meter.Count("tokenkit.hash.waiting"));
        release.Set();

        Assert.IsInstanceOfType<IssueResult.Issued>(await other);
        IssueResult[] results = await Task.WhenAll(flood);
        Assert.AreEqual(5, results.Count(result => result is IssueResult.Issued));
        Assert.AreEqual(15, results.Count(result => result is IssueResult.Unavailable));
        Assert.AreEqual(0, kit.Meter.Count("tokenkit.hash.waiting"));
        Assert.AreEqual((0, 0), kit.Services.GetRequiredService<HashingGate>().Load);
    }

    // After a restart no proof is known, and the first use of each token is a hash.
    [TestMethod]
    public async Task Gate_FirstUsesOfManyTokensOfOneSubject_LetAnotherSubjectInNext()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(configure: builder => builder.ConfigureHashing(options => options.MaximumConcurrency = 1), store: first.Store.Inner);
        List<IssueResult.Issued> issued = [];
        for (int number = 0; number < 300; number++)
        {
            issued.Add(await first.IssueAsync(name: $"{number}"));
        }

        IssueResult.Issued another = await first.IssueAsync(subject: "1001");
        using var steps = new SemaphoreSlim(0);
        second.Hasher.DuringVerification = () => steps.Wait(TimeSpan.FromSeconds(30));

        Task<VerificationResult>[] many = [.. issued.Select(one => second.Tokens.VerifyAsync(TestNode.Realm, one.Plaintext.Reveal()).AsTask())];
        Task<VerificationResult> other = second.Tokens.VerifyAsync(TestNode.Realm, another.Plaintext.Reveal()).AsTask();
        steps.Release(3);

        Assert.IsInstanceOfType<VerificationResult.Valid>(await other.WaitAsync(TimeSpan.FromSeconds(20)));
        steps.Release(issued.Count);
        VerificationResult[] results = await Task.WhenAll(many);
        Assert.IsTrue(results.All(result => result is VerificationResult.Valid or VerificationResult.Unavailable));
    }

    [TestMethod]
    public async Task Gate_IdleWork_RunsOnlyWhereNobodyIsKeptWaiting()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureHashing(options => options.MaximumConcurrency = 1));
        HashingGate gate = kit.Services.GetRequiredService<HashingGate>();
        using var release = new ManualResetEventSlim();
        Assert.IsTrue(gate.TryRun(default, TurnLane.First, stopping => release.Wait(TimeSpan.FromSeconds(30), stopping), out Task<bool>? real));
        Assert.IsFalse(gate.TryRunIdle(_ => true, out Task<bool>? _));

        release.Set();
        await real;
        Assert.IsTrue(gate.TryRunIdle(_ => true, out Task<bool>? idle));
        Assert.IsTrue(await idle);
    }

    [TestMethod]
    public async Task Gate_HasherThrows_PermitComesBack()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(
            configure: builder => builder.ConfigureHashing(options =>
            {
                options.MaximumConcurrency = 1;
                options.QueueLimit = 0;
            }),
            store: first.Store.Inner);
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        second.Hasher.DuringVerification = () => throw new InvalidOperationException("A bug.");

        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsExactlyAsync<InvalidOperationException>(async () => await second.Tokens.VerifyAsync(TestNode.Realm, text));
        }

        second.Hasher.DuringVerification = null;
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, text));
    }

    [TestMethod]
    public async Task Gate_NoMemoryForAHash_IsUnavailableAndNeverInvalid()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        second.Hasher.DuringVerification = () => throw new InsufficientMemoryException();
        second.Hasher.DuringHash = second.Hasher.DuringVerification;

        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await second.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.IsInstanceOfType<IssueResult.Unavailable>(await second.Tokens.IssueAsync(new IssueRequest(TestNode.Realm)));
    }

    [TestMethod]
    public async Task Gate_HostStops_EndsWhatWaitsAsUnavailable()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(
            configure: builder => builder.ConfigureHashing(options => options.MaximumConcurrency = 1),
            store: first.Store.Inner);
        string[] texts = [.. (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => first.IssueAsync(name: $"{i}")))).Select(issued => issued.Plaintext.Reveal())];
        using var release = new ManualResetEventSlim();
        second.Hasher.DuringVerification = () => release.Wait(TimeSpan.FromSeconds(30));
        Task<VerificationResult>[] verifying = [.. texts.Select(text => second.Tokens.VerifyAsync(TestNode.Realm, text).AsTask())];

        second.Services.GetRequiredService<HashingGate>().Dispose();

        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await verifying[1]);
        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await verifying[2]);
        release.Set();
        await verifying[0];
    }

    [TestMethod]
    public async Task Gate_AfterManyProofs_KeepsNoneOfThemRunning()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        for (int i = 0; i < 20; i++)
        {
            await second.Tokens.VerifyAsync(TestNode.Realm, (await first.IssueAsync(name: $"{i}")).Plaintext.Reveal());
        }

        SecretProver prover = second.Services.GetRequiredService<SecretProver>();
        for (int waited = 0; waited < 1000 && prover.Running > 0; waited++)
        {
            await Task.Delay(10);
        }

        Assert.AreEqual(0, prover.Running);
    }
}
