using Microsoft.Extensions.Logging;
using TokenKit.Turns;

namespace TokenKit.Dapper.Execution;

/// <summary>
/// Lets the writers of this process into the database one at a time. A database with a single writer has a lock but no queue: beside writers
/// that never pause one could lose the race for it again and again, and would hold its thread meanwhile.
/// </summary>
/// <remarks>
/// Subjects take turns, then their tokens. Revocations go before other writers, three in a row at most, and have places that nobody else takes.
/// Too many are turned away at once, which is logged when it begins and when it is over.
/// </remarks>
internal sealed class WriterQueue(ILogger logger)
{
    private const int Limit = 1024;
    private const int LimitOfOthers = 768;
    private const int RevocationsInARow = 3;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Turnstile _turnstile = new(permits: 1, new TurnQueue(Limit, LimitOfOthers, RevocationsInARow));
    private int _turnedAway;

    /// <summary>Waits for its turn without holding a thread.</summary>
    /// <param name="what">What the store does, as the end of "could not".</param>
    /// <param name="writer">Who writes.</param>
    /// <param name="patience">How long it waits.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Ends the turn when it is disposed of.</returns>
    /// <exception cref="TokenStoreException">Too many wait, or the turn did not come in time.</exception>
    public async Task<IDisposable> EnterAsync(string what, Writer writer, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_turnstile.TryEnter(writer.Owner, writer.Lane, out Turn? turn))
        {
            throw TurnAway($"The token store could not {what}: too many writers of this process wait for the database.");
        }

        try
        {
            await turn.Come.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _turnstile.GiveUp(turn);
            throw TurnAway($"The token store could not {what}: other writers of this process kept the database busy for {patience.TotalSeconds} seconds.");
        }
        catch (OperationCanceledException)
        {
            _turnstile.GiveUp(turn);
            throw;
        }

        return new Entry(this);
    }

    private TokenStoreException TurnAway(string message)
    {
        if (Interlocked.Increment(ref _turnedAway) == 1)
        {
            Log.WritersTurnedAway(logger, _turnstile.Load.Waiting);
        }

        return new TokenStoreException(message) { RetryAfter = RetryAfter };
    }

    private void Leave()
    {
        _turnstile.Leave();
        if (Volatile.Read(ref _turnedAway) > 0 && _turnstile.Load.Waiting == 0 && Interlocked.Exchange(ref _turnedAway, 0) is > 0 and int count)
        {
            Log.WritersAdmitted(logger, count);
        }
    }

    private sealed class Entry(WriterQueue queue) : IDisposable
    {
        public void Dispose() => queue.Leave();
    }
}
