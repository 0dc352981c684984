using TokenKit.Hashing;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A hasher that can be made to wait.</summary>
internal sealed class HeldHasher : ISecretHasher, IDisposable
{
    private readonly FastHasher _inner = new();
    private readonly ManualResetEventSlim _released = new(initialState: true);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Held => _held.Task;

    public void Hold() => _released.Reset();

    public void Release() => _released.Set();

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        Wait();
        return _inner.Hash(plaintext, cancellationToken);
    }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        Wait();
        return _inner.Verify(plaintext, hash, cancellationToken);
    }

    public void Dispose() => _released.Dispose();

    private void Wait()
    {
        if (!_released.IsSet)
        {
            _held.TrySetResult();
            _released.Wait();
        }
    }
}
