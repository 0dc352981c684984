using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TokenKit.Issuing;
using TokenKit.Stores;

namespace TokenKit.SampleHost;

/// <summary>
/// Once the server listens: issues fresh credentials for the seeded users, writes them to the bootstrap file, revokes those of earlier
/// starts, and prints what to try.
/// </summary>
internal sealed class Bootstrap(SampleOptions options, SampleUsers users, ApiTokens tokens, IServer server) : IHostedLifecycleService
{
    private const string Actor = "bootstrap";

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        List<BootstrapUser> bootstrapped = [];
        List<Guid> fresh = [];
        foreach (SampleUser user in await users.SeedAsync(cancellationToken))
        {
            IssueResult.Issued issued = await IssueAsync(user, cancellationToken);
            fresh.Add(issued.Token.Id);
            bootstrapped.Add(new BootstrapUser(user.Id, user.Administrator, issued.Plaintext.Reveal()));
        }

        string baseUrl = BaseUrl();
        BootstrapFile.Write(options.BootstrapFile, new BootstrapContent(baseUrl, bootstrapped));

        // Last, so that there is never a moment without credentials that work.
        await RevokeFormerAsync(fresh, cancellationToken);
        Console.WriteLine(CurlLines.For(baseUrl, options.BootstrapFile));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<IssueResult.Issued> IssueAsync(SampleUser user, CancellationToken cancellationToken)
    {
        IssueResult result = await tokens.IssueAsync(
            new IssueRequest(SampleHostRealms.VirtuousAI) { Subject = user.Subject, Name = "Bootstrap", Actor = Actor },
            cancellationToken);
        return result as IssueResult.Issued ?? throw new InvalidOperationException($"No bootstrap credential for user {user.Id}: {result}.");
    }

    private async Task RevokeFormerAsync(IReadOnlyList<Guid> fresh, CancellationToken cancellationToken)
    {
        var query = new TokenQuery(SampleHostRealms.VirtuousAI, SubjectFilter.Any) { Limit = TokenQuery.MaximumLimit };
        for (TokenQuery? next = query; next is not null;)
        {
            ApiTokenPage page = await tokens.ListAsync(next, cancellationToken);
            foreach (ApiToken token in page.Tokens.Where(token => token.Actor == Actor && !fresh.Contains(token.Id)))
            {
                await tokens.RevokeAsync(token.Realm, token.Id, SubjectFilter.Any, cancellationToken);
            }

            next = page.NextCursor is { } cursor && query.TryContinue(cursor, out TokenQuery continued) ? continued : null;
        }
    }

    // The port that the server really has, under an address that a client on this machine can use.
    private string BaseUrl()
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("://+", "://0.0.0.0", StringComparison.Ordinal)
            .Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        string host = address.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
