using System.Collections.Concurrent;
using System.Diagnostics;
using TokenKit.Format;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Diagnostics;

[TestClass]
public sealed class TracingTests
{
    [TestMethod]
    public async Task Activity_OfEachOutcome_SaysSoAndNamesTheTokenOnlyAfterPossession()
    {
        using var trace = new Trace();
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        string forged = TokenText.Write("acme", issued.Token.Id, new byte[TokenText.SecretBytes]);

        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        await kit.Tokens.VerifyAsync(TestNode.Realm, forged);
        await kit.Tokens.VerifyAsync(TestNode.Realm, "garbage");
        kit.Store.IsDown = true;
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        kit.Store.IsDown = false;
        await kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);

        string id = $"tokenkit.token_id={issued.Token.Id}";
        string[] expected =
        [
            $"tokenkit.verify Unset tokenkit.realm=api tokenkit.outcome=valid {id}",
            "tokenkit.verify Unset tokenkit.realm=api tokenkit.outcome=refused tokenkit.reason=unrecognized",
            "tokenkit.verify Unset tokenkit.realm=api tokenkit.outcome=foreign tokenkit.reason=foreign",
            "tokenkit.verify Error tokenkit.realm=api tokenkit.outcome=unavailable",
            $"tokenkit.verify Unset tokenkit.realm=api tokenkit.outcome=refused tokenkit.reason=revoked {id}",
        ];
        CollectionAssert.AreEqual(expected, trace.Activities.Select(Text).ToArray());
    }

    [TestMethod]
    public async Task Activity_OfAVerificationThatWaits_EndsWithItAndLeavesTheCallersInPlace()
    {
        using var trace = new Trace();
        await using TestNode kit = await TestNode.StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        Activity? before = Activity.Current;

        ValueTask<VerificationResult> verifying = kit.Tokens.VerifyAsync(TestNode.Realm, text);

        Assert.AreSame(before, Activity.Current);
        Assert.IsEmpty(trace.Activities);
        answer.SetResult();
        await verifying;
        Assert.HasCount(1, trace.Activities);
    }

    [TestMethod]
    public async Task EverythingMeasuredAndTraced_OverAWholeLife_HoldsNoSecretAndNoHash()
    {
        using var trace = new Trace();
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        StoredToken row = (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        await kit.Tokens.VerifyAsync(TestNode.Realm, text + "x");
        await kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);

        string said = string.Join('\n', [.. trace.Activities.Select(Text), .. kit.Meter.AllTags]);
        Assert.Contains("outcome=refused", said);
        Assert.DoesNotContain(text, said);
        Assert.DoesNotContain(text[28..71], said);
        Assert.DoesNotContain(row.Secret.Hash, said);
        Assert.DoesNotContain(Convert.ToHexString(row.Secret.Tag!), said, StringComparison.OrdinalIgnoreCase);
    }

    private static string Text(Activity activity) =>
        $"{activity.DisplayName} {activity.Status} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}";

    /// <summary>Hears the activities of one test: others run beside it.</summary>
    private sealed class Trace : IDisposable
    {
        private readonly Activity _root = new Activity("test").Start();
        private readonly ConcurrentQueue<Activity> _activities = new();
        private readonly ActivityListener _listener;

        public Trace()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "TokenKit",
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    options.TraceId == _root.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
                ActivityStopped = activity =>
                {
                    if (activity.TraceId == _root.TraceId)
                    {
                        _activities.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> Activities => [.. _activities];

        public void Dispose()
        {
            _listener.Dispose();
            _root.Dispose();
        }
    }
}
