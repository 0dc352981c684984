using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.Changes;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Issuing;
using TokenKit.Listing;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Rehashing;
using TokenKit.Revoking;
using TokenKit.Stores;
using TokenKit.Updating;
using TokenKit.Usage;
using TokenKit.Verification;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds TokenKit to a host.</summary>
public static class TokenKitServiceCollectionExtensions
{
    /// <summary>Adds TokenKit. Calling it again adds nothing twice and returns a builder for the same services.</summary>
    /// <param name="services">The services of the host.</param>
    /// <returns>The builder: say where tokens are kept and which realms there are. The host does not start without a store.</returns>
    public static TokenKitBuilder AddTokenKit(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);

        // Where a host adds logging, before this or after it, that is used. Without it nothing is logged.
        services.TryAddSingleton<ILogger<ApiTokens>>(static provider =>
            provider.GetService<ILoggerFactory>() is { } factory ? new Logger<ApiTokens>(factory) : NullLogger<ApiTokens>.Instance);

        services.AddOptions<HashingOptions>()
            .Validate(static options => options.RetryAfter >= TimeSpan.FromSeconds(1) && options.RetryAfter <= TimeSpan.FromHours(1), "RetryAfter must be 1 second to 1 hour.")
            .Validate(static options => options.Parameters is not null && Argon2Limits.Default.Allows(options.Parameters), "Parameters are outside Argon2Limits.Default: hashes made with them would never be run again.")
            .ValidateOnStart();
        services.AddOptions<RehashingOptions>().ValidateOnStart();
        services.AddOptions<VerificationOptions>().ValidateOnStart();
        services.AddOptions<LastUsedOptions>()
            .Validate(static options => options.Window >= TimeSpan.FromSeconds(1) && options.Window <= TimeSpan.FromDays(1), "Window must be 1 second to 1 day.")
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HashingOptions>, HashingOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RehashingOptions>, RehashingOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VerificationOptions>, VerificationOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LastUsedOptions>, LastUsedOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RealmOptions>, RealmOptionsValidator>());

        services.TryAddSingleton(static provider => new Metrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<RealmDirectory>();

        // Registered first and so replaced by any Use…: there is no default store.
        services.TryAddSingleton<ITokenStore>(static _ => throw new InvalidOperationException(
            "TokenKit has no store: say where tokens are kept, for example with AddTokenKit().UseSqlite(…), or AddTokenKit().UseInMemoryStore() for a test."));
        services.TryAddSingleton<ChangeMarks>();
        services.TryAddSingleton(static provider => new LocalChanges(provider.GetRequiredService<ILogger<ApiTokens>>()));
        services.TryAddSingleton<TokenWriter>();
        services.TryAddSingleton(KeyRing.Empty);
        services.TryAddSingleton<ISecretHasher, Argon2SecretHasher>();
        services.TryAddSingleton<HashingGate>();
        services.TryAddSingleton<ProofCache>();
        services.TryAddSingleton<ProofKeyFactory>();
        services.TryAddSingleton<PossessionCheck>();
        services.TryAddSingleton<UnprovenBudget>();
        services.TryAddSingleton<SecretProver>();
        services.TryAddSingleton<RowCache>();
        services.TryAddSingleton<TokenRows>();
        services.TryAddSingleton<Rehasher>();
        services.TryAddSingleton<TokenVerifier>();
        services.TryAddSingleton<SecretFactory>();
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton<TokenUpdater>();
        services.TryAddSingleton<TokenRevoker>();
        services.TryAddSingleton<AllRevoker>();
        services.TryAddSingleton<RecoverableCopies>();
        services.TryAddSingleton<TokenReader>();
        services.TryAddSingleton<LastUsedTracker>();
        services.TryAddSingleton(static provider => new ApiTokens(
            provider.GetRequiredService<RealmDirectory>(),
            provider.GetRequiredService<TokenIssuer>(),
            provider.GetRequiredService<TokenVerifier>(),
            provider.GetRequiredService<TokenReader>(),
            provider.GetRequiredService<TokenUpdater>(),
            provider.GetRequiredService<TokenRevoker>(),
            provider.GetRequiredService<AllRevoker>()));
        services.TryAddSingleton(static provider => new ApiTokenAdministration(
            provider.GetRequiredService<RealmDirectory>(),
            provider.GetRequiredService<TokenRevoker>(),
            provider.GetRequiredService<ITokenStore>(),
            provider.GetRequiredService<TimeProvider>()));

        services.TryAddSingleton(static provider => new TokenKitHealth(
            provider.GetRequiredService<ITokenStore>(),
            provider.GetRequiredService<HashingGate>(),
            provider.GetRequiredService<IOptions<HashingOptions>>(),
            provider.GetRequiredService<ILogger<ApiTokens>>()));

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartUpCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LastUsedTracker>(static provider => provider.GetRequiredService<LastUsedTracker>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Rehasher>(static provider => provider.GetRequiredService<Rehasher>()));
        return new TokenKitBuilder(services);
    }
}
