using Microsoft.Extensions.Diagnostics.HealthChecks;
using TokenKit.AspNetCore.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds TokenKit to the health checks of a host.</summary>
public static class TokenKitHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks that the store can be reached and has the schema that this version needs – else the failure status – and that the gate of the
    /// hashes is not full – else degraded. <c>docs/observability.md</c> names what it says besides.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What a store that cannot be used is; null for unhealthy.</param>
    /// <param name="tags">Tags by which the host chooses its checks; null for none.</param>
    /// <param name="timeout">How long the store may take to answer; null for as long as it does.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddTokenKit(
        this IHealthChecksBuilder builder,
        string name = "tokenkit",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, static services => ActivatorUtilities.GetServiceOrCreateInstance<TokenKitHealthCheck>(services), failureStatus, tags, timeout));
    }
}
