using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;

namespace TokenKit.SampleHost;

/// <summary>
/// Seeds the users before the server listens. Once it does: issues fresh credentials for them, writes them to the bootstrap file, revokes
/// those of earlier starts, and prints what to try.
/// </summary>
internal sealed class Bootstrap(SampleOptions options, SampleUsers users, SampleJwts jwts, ApiTokens tokens, IServer server)
    : IHostedLifecycleService
{
    private const string Actor = "bootstrap";

    private IReadOnlyList<SampleUser> _users = [];

    public async Task StartingAsync(CancellationToken cancellationToken) => _users = await users.SeedAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        List<BootstrapUser> bootstrapped = [];
        HashSet<Guid> fresh = [];
        foreach (SampleUser user in _users)
        {
            bootstrapped.Add(new BootstrapUser(
                user.Id,
                user.Administrator,
                VirtuousAI: await IssueAsync(new IssueRequest(SampleHostRealms.VirtuousAI), user, fresh, cancellationToken),
                Canvus: await IssueAsync(new IssueRequest(SampleHostRealms.Canvus), user, fresh, cancellationToken),
                Query: user.Administrator
                    ? await IssueAsync(new IssueRequest(SampleHostRealms.Query) { Kind = QueryTokensDefaults.AdminKind }, user, fresh, cancellationToken)
                    : null,
                Amove: await IssueAsync(new IssueRequest(SampleHostRealms.Amove), user, fresh, cancellationToken),
                Jwt: jwts.Issue(user)));
        }

        string baseUrl = ServerAddress.Of(server);
        PrivateFile.Write(
            options.BootstrapFile,
            JsonSerializer.SerializeToUtf8Bytes(new BootstrapContent(baseUrl, bootstrapped), BootstrapJson.Default.BootstrapContent));

        // Last, so that there is never a moment without credentials that work.
        await RevokeFormerAsync(fresh, cancellationToken);
        Print(baseUrl);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string> IssueAsync(IssueRequest request, SampleUser user, HashSet<Guid> issued, CancellationToken cancellationToken)
    {
        IssueResult result = await tokens.IssueAsync(request with { Subject = user.Subject, Name = "Bootstrap", Actor = TokenActor.Person(Actor) }, cancellationToken);
        if (result is not IssueResult.Issued { Token.Id: var id, Plaintext: var plaintext })
        {
            throw new InvalidOperationException($"No bootstrap credential of {request.Realm} for user {user.Id}: {result}.");
        }

        issued.Add(id);
        return plaintext.Reveal();
    }

    private async Task RevokeFormerAsync(HashSet<Guid> fresh, CancellationToken cancellationToken)
    {
        foreach (string realm in SampleHostRealms.All)
        {
            var query = new TokenQuery(realm, SubjectFilter.Any) { Limit = TokenQuery.MaximumLimit };
            await foreach (ApiToken token in tokens.ListAllAsync(query, cancellationToken))
            {
                if (token.Actor == Actor && !fresh.Contains(token.Id))
                {
                    await tokens.RevokeAsync(realm, token.Id, SubjectFilter.Any, cancellationToken);
                }
            }
        }
    }

    private void Print(string baseUrl)
    {
        Console.WriteLine($"\nTokenKit's sample host listens on {baseUrl}, where a page shows what is below.");
        Console.WriteLine($"Its credentials are in {options.BootstrapFile}");
        foreach (SetLines set in CurlLines.For(baseUrl, options.BootstrapFile))
        {
            Console.WriteLine($"\n{set.Title}\n{set.Lines}");
        }

        Console.WriteLine();
    }
}
