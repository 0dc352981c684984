using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Recovery;

namespace TokenKit;

/// <summary>Stops a host that could not keep what its realms promise from starting, and says what it serves otherwise.</summary>
internal sealed class StartUpCheck(IServiceProvider services, ILogger<ApiTokens> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Realm[] realms = [.. services.GetRequiredService<RealmDirectory>().All];
        if (realms.Length == 0)
        {
            throw new InvalidOperationException("TokenKit has no realm, so nothing could be issued: add one with AddTokenKit().AddRealm(\"api\", realm => realm.Prefix = \"acme\").");
        }

        if (realms.FirstOrDefault(realm => realm.KeepsRecoverableCopies) is { } keeping && !services.GetRequiredService<RecoverableCopies>().CanMake)
        {
            throw new InvalidOperationException(
                $"The realm '{keeping.Name}' keeps recoverable copies, but no ITokenProtector is registered to encrypt them.");
        }

        HashingOptions hashing = services.GetRequiredService<IOptions<HashingOptions>>().Value;
        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.Started(logger, string.Join(", ", realms.Select(realm => realm.Name)), hashing.MaximumConcurrency, hashing.QueueLimit);
            KeyRing keys = services.GetRequiredService<KeyRing>();
            if (keys.Current is not null)
            {
                Log.KeyRing(logger, keys.Current.Id, keys.FormerIds.Any() ? string.Join(", ", keys.FormerIds) : "none");
            }

            ISecretHasher hasher = services.GetRequiredService<ISecretHasher>();
            Log.Hasher(logger, hasher is Argon2SecretHasher argon2 ? $"Argon2id of {argon2.Implementation}" : hasher.GetType().FullName ?? "");
            if (hasher is Argon2SecretHasher { IsOwn: true })
            {
                int memory = hashing.Parameters.MemoryKiB;
                Log.HashingMemory(logger, (long)memory * hashing.MaximumConcurrency / 1024, hashing.MaximumConcurrency, memory, Argon2Limits.Default.MaximumMemoryKiB / 1024);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
