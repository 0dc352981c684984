namespace TokenKit.Dapper.Execution;

/// <summary>
/// Lets the writers of this process into the database one after the other, in the order they came. A database with a single writer has a
/// lock but no queue: beside writers that never pause one could lose the race for it again and again, and would hold its thread meanwhile.
/// </summary>
#pragma warning disable CA1001 // Nobody asks for the semaphore's wait handle, so it holds nothing that has to be freed.
internal sealed class WriterQueue
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for its turn without holding a thread.</summary>
    /// <returns>Ends the turn when it is disposed of.</returns>
    /// <exception cref="TokenStoreException">The turn did not come in time.</exception>
    public async Task<IDisposable> EnterAsync(string what, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
        {
            throw new TokenStoreException($"The token store could not {what}: other writers of this process kept the database busy for {patience.TotalSeconds} seconds.");
        }

        return new Turn(_turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
