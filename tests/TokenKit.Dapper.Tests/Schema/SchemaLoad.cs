using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>What nodes do while the schema changes: issue, verify, revoke, verify, and read their health, again and again.</summary>
internal sealed class SchemaLoad
{
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly ConcurrentQueue<string> _turnedAway = [];
    private readonly ConcurrentDictionary<SchemaNode, (CancellationTokenSource Enough, Task[] Loops)> _nodes = [];
    private int _answers;
    private int _checks;

    /// <summary>How often a token was issued, verified, revoked and refused so far.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>How often a health was read so far.</summary>
    public int Checks => Volatile.Read(ref _checks);

    public void Start(SchemaNode node)
    {
        var enough = new CancellationTokenSource();
        _nodes[node] = (enough, [Task.Run(() => UseAsync(node, enough.Token)), Task.Run(() => UseAsync(node, enough.Token)), Task.Run(() => CheckAsync(node, enough.Token))]);
    }

    /// <summary>Lets the load go around so many times more.</summary>
    public async Task WaitForAnswersAsync(int more)
    {
        var watch = Stopwatch.StartNew();
        for (int enough = Answers + more; Answers < enough && _failures.IsEmpty; await Task.Delay(10))
        {
            Assert.IsLessThan(TimeSpan.FromMinutes(2), watch.Elapsed, "The nodes do not answer.");
        }
    }

    /// <summary>Takes a node out of the load, before it stops.</summary>
    public async Task StopAsync(SchemaNode node)
    {
        Assert.IsTrue(_nodes.TryRemove(node, out (CancellationTokenSource Enough, Task[] Loops) running));
        await running.Enough.CancelAsync();
        await Task.WhenAll(running.Loops);
        running.Enough.Dispose();
    }

    /// <summary>Ends it, and fails when an answer was lost.</summary>
    /// <param name="mayTurnAway">Whether a change may have failed because it waited for other writers of SQLite for as long as it may.</param>
    public async Task EndAsync(bool mayTurnAway = false)
    {
        foreach (SchemaNode node in _nodes.Keys)
        {
            await StopAsync(node);
        }

        string[] failures = mayTurnAway ? [.. _failures] : [.. _failures, .. _turnedAway];
        Assert.IsEmpty(failures, string.Join('\n', failures));
        Assert.IsGreaterThan(0, Answers);
        Assert.IsGreaterThan(0, Checks);
    }

    private async Task UseAsync(SchemaNode node, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                var issued = (IssueResult.Issued)await node.Tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" }, CancellationToken.None);
                Expect(await node.Tokens.VerifyAsync("api", issued.Plaintext.Reveal(), CancellationToken.None) is VerificationResult.Valid, "A token was not accepted.");
                await node.Tokens.RevokeAsync("api", issued.Token.Id, SubjectFilter.Any, CancellationToken.None);
                Expect(
                    await node.Tokens.VerifyAsync("api", issued.Plaintext.Reveal(), CancellationToken.None) is VerificationResult.Refused { Reason: RefusalReason.Revoked },
                    "A revoked token was not refused.");
                Interlocked.Increment(ref _answers);
            }
            catch (TokenStoreException exception) when (exception.Message.EndsWith("for 5 seconds.", StringComparison.Ordinal))
            {
                _turnedAway.Enqueue($"{exception}");
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _failures.Enqueue($"{exception}");
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    private async Task CheckAsync(SchemaNode node, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Expect(await node.HealthAsync() is "Healthy" or "Degraded", "A node was unhealthy.");
            Interlocked.Increment(ref _checks);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private void Expect(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            _failures.Enqueue(otherwise);
        }
    }
}
