using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.Hashing.Argon2;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit;

/// <summary>Configures TokenKit. Other packages extend it.</summary>
public sealed class TokenKitBuilder
{
    internal TokenKitBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a realm, or configures further one that was added before.</summary>
    /// <param name="name">The realm: 1 to 64 lower-case letters, digits, underscores and hyphens.</param>
    /// <param name="configure">Sets its limits. The host does not start when they are wrong.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder AddRealm(string name, Action<RealmOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new RealmRegistration(name));
        Services.AddOptions<RealmOptions>(name).Configure(configure).ValidateOnStart();
        return this;
    }

    /// <summary>Keeps tokens in memory: for tests and tools, since everything is gone when the process ends.</summary>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder UseInMemoryStore() => UseStore(static _ => new InMemoryTokenStore());

    /// <summary>Keeps tokens in a store of the host's. The last registration wins.</summary>
    /// <param name="create">Makes the store, once.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder UseStore(Func<IServiceProvider, ITokenStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Sets how many hashes are computed at once, and what waits.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder ConfigureHashing(Action<HashingOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>
    /// Computes hashes with another implementation of Argon2id than TokenKit's own. TokenKit keeps PHC strings, parameters, limits and keys, so
    /// stored hashes stay good in both directions. The last hasher that was registered is used.
    /// </summary>
    /// <param name="implementation">Its name, for the log at start.</param>
    /// <param name="deriveKey">Computes one hash.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentNullException">The name or the function is null.</exception>
    public TokenKitBuilder UseArgon2(string implementation, Argon2idFunction deriveKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(implementation);
        ArgumentNullException.ThrowIfNull(deriveKey);
        Services.AddSingleton<ISecretHasher>(provider => new Argon2SecretHasher(
            provider.GetRequiredService<IOptions<HashingOptions>>(), provider.GetRequiredService<KeyRing>(), implementation, deriveKey));
        return this;
    }

    /// <summary>
    /// Binds rows to a key that is kept outside the database. With the key at hand a token is verified without Argon2, on every node and
    /// after every restart. <c>docs/hashing.md</c> says how keys are made, rotated, lost and leaked.
    /// </summary>
    /// <param name="configure">Adds the keys and says which is the current one. The host does not start when they are wrong.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder UseKeyRing(Action<KeyRingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddOptions<KeyRingOptions>().Configure(configure).ValidateOnStart();
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KeyRingOptions>, KeyRingOptionsValidator>());
        Services.AddSingleton(static provider => new KeyRing(provider.GetRequiredService<IOptions<KeyRingOptions>>().Value));
        return this;
    }

    /// <summary>Sets how many rows are renewed, off the request path.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder ConfigureRehashing(Action<RehashingOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Sets what verification remembers, and what it spends on tokens whose possession only a hash can tell.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder ConfigureVerification(Action<VerificationOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Sets how the last use of tokens is written down.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public TokenKitBuilder ConfigureLastUsed(Action<LastUsedOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }
}
