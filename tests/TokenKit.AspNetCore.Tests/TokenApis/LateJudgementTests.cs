using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>What a caller may is judged with its change: not when it was let in, and not by what this node remembers of its token.</summary>
[TestClass]
public sealed class LateJudgementTests
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    public static IEnumerable<object[]> Creations => SetOperation.Creations.Select(static operation => new object[] { operation.ToString() });

    public static IEnumerable<object[]> Changes =>
        SetOperation.All.Where(static operation => operation.Method != "GET").Select(static operation => new object[] { operation.ToString() });

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task Create_ByATokenThatLosesAScopeWhileTheNewSecretIsHashed_MakesNothing(string name)
    {
        var operation = SetOperation.Of(name);
        using var hasher = new HeldHasher();
        await using EverySetHost host = await EverySetHost.StartAsync(hasher.AddTo);
        IssuedToken caller = await IssueKnownCallerAsync(host, operation);

        Task<RawResponse> creation = await BeginAsync(host, hasher, operation, caller);
        await host.Host.Tokens.UpdateAsync(new UpdateRequest(operation.Set, caller.Record.Id, SubjectFilter.Any) { Scopes = ScopeSet.Create("read", "write") });
        string state = await host.StateAsync(operation.Set);
        hasher.Release();

        Assert.AreEqual(operation.RightsMissing, (await creation).Status);
        Assert.AreEqual(state, await host.StateAsync(operation.Set));
    }

    [TestMethod]
    [DynamicData(nameof(Creations))]
    public async Task Create_ByATokenWhoseEndComesNearerWhileTheNewSecretIsHashed_MakesNoneThatLivesLonger(string name)
    {
        var operation = SetOperation.Of(name);
        using var hasher = new HeldHasher();
        await using EverySetHost host = await EverySetHost.StartAsync(hasher.AddTo);
        IssuedToken caller = await IssueKnownCallerAsync(host, operation);

        Task<RawResponse> creation = await BeginAsync(host, hasher, operation, caller);
        await host.Host.Tokens.UpdateAsync(new UpdateRequest(operation.Set, caller.Record.Id, SubjectFilter.Any) { Expiry = TokenExpiry.After(OneMinute) });
        hasher.Release();

        Assert.AreEqual(operation.Done, (await creation).Status);
        DateTimeOffset? end = (await host.Host.Tokens.FindAsync(operation.Set, caller.Record.Id, SubjectFilter.Any))!.ExpiresAt;
        ApiToken made = await host.ListAsync(operation.Set).SingleAsync(token => token.IssuedBy == caller.Record.Id);
        Assert.AreEqual(end, made.ExpiresAt);
    }

    [TestMethod]
    [DynamicData(nameof(Changes))]
    public async Task Change_ByATokenThatAnotherNodeNarrowed_IsNotMadeWhereTheTokenIsLetInForAWhile(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync(services =>
            services.AddTokenKit().AddRealm(operation.Set, static realm => realm.MaximumRevocationDelay = TimeSpan.FromSeconds(5)));
        IssuedToken target = await host.IssueTargetAsync(operation);
        IssuedToken caller = await IssueKnownCallerAsync(host, operation);

        // Another node's change reaches this one through the store alone.
        StoredToken row = (await host.Host.Store.FindAsync(caller.Record.Id, CancellationToken.None))!;
        await host.Host.Store.CommitAsync(new TokenChange.Update(host.Clock, row, TokenActor.Host) { Scopes = "read write" }, CancellationToken.None);
        string state = await host.StateAsync(operation.Set);
        bool isLetIn = await host.Host.Tokens.VerifyAsync(operation.Set, caller.Plaintext)
            is VerificationResult.Valid { Token: { } known } && known.Scopes.Contains(ApiTokens.ManageScope);

        RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext, target);

        Assert.IsTrue(isLetIn, "The node has to remember the token as it was.");
        Assert.AreEqual(operation.RightsMissing, answer.Status);
        Assert.AreEqual(state, await host.StateAsync(operation.Set));
    }

    // Its proof is remembered, so that the hasher is not asked about it again.
    private static async Task<IssuedToken> IssueKnownCallerAsync(EverySetHost host, SetOperation operation)
    {
        IssuedToken caller = await host.IssueCallerAsync(operation);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await host.Host.Tokens.VerifyAsync(operation.Set, caller.Plaintext));
        return caller;
    }

    private static async Task<Task<RawResponse>> BeginAsync(EverySetHost host, HeldHasher hasher, SetOperation operation, IssuedToken caller)
    {
        hasher.Hold();
        Task<RawResponse> creation = host.SendAsync(operation, Proof.Token, caller.Plaintext);
        await hasher.Held;
        return creation;
    }
}
