using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TokenKit.AspNetCore.Diagnostics;

/// <summary>Tells <see cref="TokenKitHealth"/> to the health checks of the host.</summary>
internal sealed class TokenKitHealthCheck(TokenKitHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TokenKitHealthReport report = await health.CheckAsync(cancellationToken).ConfigureAwait(false);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["store_reachable"] = report.IsStoreReachable,
            ["hashes_running"] = report.HashesRunning,
            ["hashes_allowed"] = report.HashesAllowed,
            ["hashes_waiting"] = report.HashesWaiting,
            ["hashes_may_wait"] = report.HashesMayWait,
        };
        if (report.Store.SchemaVersion is { } version)
        {
            data["schema_version"] = version;
        }

        // Never worse than degraded for a full gate: a host that is restarted for its load has forgotten every proof.
        return !report.Store.IsUsable ? new HealthCheckResult(context.Registration.FailureStatus, report.Store.Description, exception: null, data)
            : report.IsSaturated ? HealthCheckResult.Degraded("The gate is full: tokens that this process has not seen yet are answered 503.", exception: null, data)
            : report.Store.IsDegraded ? HealthCheckResult.Degraded(report.Store.Description, exception: null, data)
            : HealthCheckResult.Healthy(report.Store.Description, data);
    }
}
