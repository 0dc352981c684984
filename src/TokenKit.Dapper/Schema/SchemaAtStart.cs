using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TokenKit.Stores;

namespace TokenKit.Dapper.Schema;

/// <summary>Migrates or checks the schema before anything else in the host starts. A host whose database does not fit, or could not revoke, does not start.</summary>
internal sealed class SchemaAtStart(ITokenStore store, IServiceProvider services, IOptions<DapperStoreOptions> options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store is not DapperTokenStore sql)
        {
            // A later registration replaced the store. Its data source is not even created.
            return;
        }

        TokenKitSchema schema = services.GetRequiredService<TokenKitSchema>();

        if (options.Value.MigrateAtStart)
        {
            await schema.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await schema.CheckDatabaseAsync(cancellationToken).ConfigureAwait(false);
            SchemaStatus status = await schema.CheckAsync(cancellationToken).ConfigureAwait(false);
            if (!status.IsUsable)
            {
                throw new InvalidOperationException(status.ToString());
            }
        }

        await sql.ProveAtStartAsync(cancellationToken).ConfigureAwait(false);
        await schema.WarnOfSequenceAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
