using Microsoft.Extensions.DependencyInjection;
using TokenKit.Hashing;

namespace TokenKit.TestKit;

/// <summary>A hasher that can be made to wait.</summary>
public sealed class HeldHasher : ISecretHasher, IDisposable
{
    private readonly QuickHasher _inner = new();
    private readonly ManualResetEventSlim _released = new(initialState: true);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody waits.</summary>
    public Task Held => _held.Task;

    /// <summary>Has a host compute one hash at a time with this hasher, while nobody may wait.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<ISecretHasher>(this);
        services.AddTokenKit().ConfigureHashing(static hashing =>
        {
            hashing.MaximumConcurrency = 1;
            hashing.QueueLimit = 0;
            hashing.RetryAfter = TimeSpan.FromSeconds(1.5);
        });
    }

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
