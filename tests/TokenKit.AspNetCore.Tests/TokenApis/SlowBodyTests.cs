using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A caller is judged when the head of a request is there. What it may by then it may not for as long as it takes to send the body.</summary>
[TestClass]
public sealed class SlowBodyTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static IEnumerable<object[]> Operations => OperationsWithBodies.Select(static operation => new object[] { operation.ToString() });

    // Administrators' tokens of Query are such by their kind.
    public static IEnumerable<object[]> OperationsOfSetsThatAskAboutTokens =>
        OperationsWithBodies.Where(static operation => operation.Set != "query").Select(static operation => new object[] { operation.ToString() });

    private static IEnumerable<SetOperation> OperationsWithBodies => SetOperation.All.Where(static operation => operation.Body is not null);

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task Token_ThatEndsBeforeTheBody_IsRefusedAndWritesNothing(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        (string What, Func<ApiToken, Task> End)[] ends =
        [
            ("revoked", token => host.Host.Tokens.RevokeAsync(token.Realm, token.Id, SubjectFilter.Any)),
            ("revoked with all others", token => host.Host.Tokens.RevokeAllAsync(token.Realm, SubjectFilter.Is(token.Subject), spared: target.Record)),
            ("deleted", token => host.Host.Tokens.DeleteAsync(token.Realm, token.Id, SubjectFilter.Any)),
            ("suspended", token => UpdateAsync(host, token, static request => request with { Suspended = true })),
            ("expired", _ =>
            {
                host.Clock.Advance(Lifetime);
                return Task.CompletedTask;
            }),
        ];
        foreach ((string what, Func<ApiToken, Task> end) in ends)
        {
            foreach (TimeSpan wait in new[] { TimeSpan.Zero, Slow })
            {
                IssuedToken caller = await host.IssueCallerAsync(operation, TokenExpiry.After(Lifetime));
                string state = "";

                RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, async () =>
                {
                    await end(caller.Record);
                    host.Clock.Advance(wait);
                    state = await host.StateAsync(operation.Set);
                });

                AssertRefused(answer, 401, $"{what}, {wait}");
                Assert.AreEqual(state, await host.StateAsync(operation.Set), $"{what}, {wait}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task Token_ThatLosesItsScopeBeforeTheBody_LacksRightsAndWritesNothing(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        foreach (TimeSpan wait in new[] { TimeSpan.Zero, Slow })
        {
            IssuedToken caller = await host.IssueCallerAsync(operation);
            string state = "";

            RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, async () =>
            {
                await UpdateAsync(host, caller.Record, static request => request with { Scopes = ScopeSet.Create("read", "write") });
                host.Clock.Advance(wait);
                state = await host.StateAsync(operation.Set);
            });

            AssertRefused(answer, operation.RightsMissing, $"{wait}");
            Assert.AreEqual(state, await host.StateAsync(operation.Set), $"{wait}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task CallerOfTheHost_WhoseTicketExpiresBeforeTheBody_IsRefusedAndWritesNothing(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        AllowAdministrators(host);
        foreach (Proof proof in ProofsOfTheHost(operation))
        {
            string credential = CredentialOf(host, proof, Lifetime);
            string state = await host.StateAsync(operation.Set);

            RawResponse answer = await host.SendAsync(operation, proof, credential, target, () =>
            {
                host.Clock.Advance(Lifetime);
                return Task.CompletedTask;
            });

            AssertRefused(answer, 401, $"{proof}");
            Assert.Contains("invalid_token", answer.Header("WWW-Authenticate")!);
            Assert.AreEqual(state, await host.StateAsync(operation.Set), $"{proof}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task CallerOfTheHost_WhoseRightsEndBeforeTheBody_LacksRightsAndWritesNothing(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        string state = await host.StateAsync(operation.Set);
        foreach (Proof proof in ProofsOfTheHost(operation))
        {
            AllowAdministrators(host);

            RawResponse answer = await host.SendAsync(operation, proof, CredentialOf(host, proof), target, () =>
            {
                host.Rights.Allow = static (_, _) => false;
                host.Clock.Advance(Slow);
                return Task.CompletedTask;
            });

            AssertRefused(answer, operation.RightsMissing, $"{proof}");
            Assert.AreEqual(state, await host.StateAsync(operation.Set), $"{proof}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task Token_WhoseRightsEndBeforeTheBody_LacksThemWhereTheHostIsAskedAboutTokens(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        IssuedToken caller = await host.IssueCallerAsync(operation);
        string state = await host.StateAsync(operation.Set);

        RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, () =>
        {
            host.Rights.Allow = static (_, _) => false;
            host.Clock.Advance(Slow);
            return Task.CompletedTask;
        });

        bool isAsked = operation.Set != "query";
        Assert.AreEqual(isAsked ? operation.RightsMissing : operation.Done, answer.Status, answer.ToString());
        Assert.AreEqual(isAsked, state == await host.StateAsync(operation.Set));
    }

    [TestMethod]
    [DynamicData(nameof(OperationsOfSetsThatAskAboutTokens))]
    public async Task Host_ThatJudgesByTheToken_IsAskedAboutItAsItIsAfterTheBody(string name)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        IssuedToken caller = await host.IssueCallerAsync(operation, scopes: ScopeSet.Create(ApiTokens.ManageScope, "staff"));
        host.Rights.Allow = static (caller, _) => caller.Token!.Scopes.Contains("staff");
        string state = "";

        RawResponse answer = await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, async () =>
        {
            await UpdateAsync(host, caller.Record, static request => request with { Scopes = ScopeSet.Create(ApiTokens.ManageScope) });
            host.Clock.Advance(Slow);
            state = await host.StateAsync(operation.Set);
        });

        AssertRefused(answer, operation.RightsMissing, name);
        Assert.AreEqual(state, await host.StateAsync(operation.Set));
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task Token_ThatLosesItsPowerBeforeABodyThatIsWrong_LearnsNothingOfIt(string name)
    {
        SetOperation operation = SetOperation.Of(name) with { Body = "{}" };
        SetOperation ofNothing = operation with { Body = """{"name":"nothing"}""" };
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken target = await host.IssueTargetAsync(operation);
        foreach (SetOperation wrong in operation.Set == "query" ? new[] { operation, ofNothing } : [operation])
        {
            foreach (bool isRevoked in new[] { true, false })
            {
                IssuedToken caller = await host.IssueCallerAsync(operation);

                RawResponse answer = await host.SendAsync(wrong, Proof.Token, caller.Plaintext, target, async () =>
                {
                    await (isRevoked
                        ? host.Host.RevokeAsync(caller)
                        : UpdateAsync(host, caller.Record, static request => request with { Scopes = ScopeSet.Create("read", "write") }));
                    host.Clock.Advance(Slow);
                });

                AssertRefused(answer, isRevoked ? 401 : operation.RightsMissing, wrong.Body!);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public async Task Host_OfACallerWhoStillMay_IsAskedOnceMoreAfterMoreThanASecond(string name)
    {
        var operation = SetOperation.Of(name);
        foreach ((TimeSpan wait, int times) in new[] { (TimeSpan.FromSeconds(1), 1), (TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1), 2) })
        {
            foreach (Proof proof in (Proof[])[Proof.Token, .. ProofsOfTheHost(operation)])
            {
                await using EverySetHost host = await EverySetHost.StartAsync();
                IssuedToken target = await host.IssueTargetAsync(operation);
                AllowAdministrators(host);
                string credential = proof == Proof.Token ? (await host.IssueCallerAsync(operation)).Plaintext : CredentialOf(host, proof);
                string state = await host.StateAsync(operation.Set);

                RawResponse answer = await host.SendAsync(operation, proof, credential, target, () =>
                {
                    host.Clock.Advance(wait);
                    return Task.CompletedTask;
                });

                Assert.AreEqual(operation.Done, answer.Status, $"{proof}, {wait}: {answer}");
                Assert.AreNotEqual(state, await host.StateAsync(operation.Set), $"{proof}, {wait}");
                string? subject = operation.Set == "query" ? null : SetOperation.User;
                int expected = operation.Set == "query" && proof == Proof.Token ? 0 : times;
                CollectionAssert.AreEqual(Enumerable.Repeat(subject, expected).ToArray(), host.Rights.Asked.ToArray(), $"{proof}, {wait}");
            }
        }
    }

    [TestMethod]
    public async Task Administrator_WhoseRightsOnOneUserEndBeforeTheBody_LacksThem()
    {
        await using EverySetHost host = await EverySetHost.StartAsync();
        var operation = SetOperation.Of($"canvus POST /api/v1/users/{SetOperation.User}/access-tokens");

        RawResponse answer = await host.SendAsync(operation, Proof.Bearer, host.Jwt("1000"), beforeBody: () =>
        {
            host.Rights.Allow = static (caller, subject) => caller.Subject == subject;
            host.Clock.Advance(Slow);
            return Task.CompletedTask;
        });

        AssertRefused(answer, 403, "The administrator's rights on its own tokens are as they were.");
        Assert.AreEqual("", await host.StateAsync(operation.Set));
    }

    [TestMethod]
    public async Task Update_ByATokenThatIsRevokedBeforeTheBody_LeavesASuspendedTokenSuspended()
    {
        await using EverySetHost host = await EverySetHost.StartAsync();
        var operation = SetOperation.Of("query PUT /_/token");
        IssuedToken target = await host.IssueTargetAsync(operation);
        IssuedToken caller = await host.IssueCallerAsync(operation);

        await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, () => host.Host.RevokeAsync(caller));

        Assert.AreEqual(
            RefusalReason.Suspended,
            Assert.IsInstanceOfType<VerificationResult.Refused>(await host.Host.Tokens.VerifyAsync("query", target.Plaintext)).Reason);
    }

    [TestMethod]
    public async Task Delete_ByATokenThatIsRevokedBeforeTheBody_DeletesNothing()
    {
        await using EverySetHost host = await EverySetHost.StartAsync();
        var operation = SetOperation.Of("query DELETE /_/token");
        IssuedToken target = await host.IssueTargetAsync(operation);
        IssuedToken caller = await host.IssueCallerAsync(operation);

        await host.SendAsync(operation, Proof.Token, caller.Plaintext, target, () => host.Host.RevokeAsync(caller));

        Assert.IsNotNull(await host.Host.Tokens.FindAsync("query", target.Record.Id, SubjectFilter.None));
    }

    private static IEnumerable<Proof> ProofsOfTheHost(SetOperation operation) => operation.Set == "amove" ? [Proof.Bearer] : [Proof.Bearer, Proof.Cookie];

    private static string CredentialOf(EverySetHost host, Proof proof, TimeSpan? lifetime = null) =>
        proof == Proof.Cookie ? host.CookieOf(lifetime: lifetime) : host.Jwt(lifetime: lifetime);

    // Of the tokens that belong to nobody too.
    private static void AllowAdministrators(EverySetHost host) => host.Rights.Allow = static (caller, subject) => subject is null || caller.Subject == subject;

    private static Task<UpdateResult> UpdateAsync(EverySetHost host, ApiToken token, Func<UpdateRequest, UpdateRequest> change) =>
        host.Host.Tokens.UpdateAsync(change(new UpdateRequest(token.Realm, token.Id, SubjectFilter.Any)));

    private static void AssertRefused(RawResponse answer, int status, string what)
    {
        Assert.AreEqual(status, answer.Status, $"{what}: {answer}");
        Assert.AreEqual(status == 401, answer.Header("WWW-Authenticate") is not null, what);
        if (answer.Header("error-code") is { } code)
        {
            Assert.AreEqual(status == 401 ? "TOKEN" : "ACCESS", code, what);
        }
    }
}
