using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Amove;
using TokenKit.AspNetCore.Tests.Traces;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>How a caller of a set proves who it is.</summary>
internal enum Proof
{
    /// <summary>A token, where the set looks for one.</summary>
    Token,

    /// <summary>The text after <c>Authorization: Bearer</c>, such as a JWT of the host's. Amove has a place of its own for it.</summary>
    Bearer,

    /// <summary>A cookie of the host's, in a request of the host's own pages. Amove knows none.</summary>
    Cookie,
}

/// <summary>All four sets in one host. Its JWTs and cookies may call them, and a test moves its clock and its rights.</summary>
internal sealed class EverySetHost : IAsyncDisposable
{
    public const string Cookie = "host-cookie";

    private EverySetHost(SetHost host, TestClock clock)
    {
        Sets = host;
        Clock = clock;
    }

    public SetHost Sets { get; }

    public TestHost Host => Sets.Host;

    public TestClock Clock { get; }

    public AskedRights Rights => Host.Services.GetRequiredService<AskedRights>();

    /// <summary>Starts a host.</summary>
    /// <param name="services">Adds services, after the sets.</param>
    /// <param name="schemes">The additional schemes of the sets; null for its JWTs and cookies.</param>
    public static async Task<EverySetHost> StartAsync(Action<IServiceCollection>? services = null, string[]? schemes = null)
    {
        var clock = new TestClock();
        schemes ??= [JwtBearerDefaults.AuthenticationScheme, Cookie];
        SetHost host = await SetHost.StartAsync(
            collection =>
            {
                collection.AddSingleton<TimeProvider>(clock);
                AmoveHost.AddServices(collection, clock);
                collection.AddAuthentication().AddCookie(Cookie);
                collection.AddTokenKit()
                    .AddAmoveTokens(AmoveHost.Realm, options => Name(options.AdditionalSchemes))
                    .AddQueryTokens("query", options => Name(options.AdditionalSchemes))
                    .AddCanvusTokens("canvus", options => Name(options.AdditionalSchemes))
                    .AddVirtuousAITokens("vai", options => Name(options.AdditionalSchemes));

                // What a scope has learned once it does not ask again, as a database context does.
                collection.AddSingleton<AskedRights>();
                collection.AddScoped<ITokenCallerRights, RememberingRights>();
                services?.Invoke(collection);
            },
            static app =>
            {
                app.MapAmoveTokens(AmoveHost.Realm);
                app.MapQueryTokens("query");
                app.MapCanvusTokens("canvus");
                app.MapVirtuousAITokens("vai");
            });
        return new EverySetHost(host, clock);

        void Name(IList<string> additional)
        {
            additional.Clear();
            foreach (string scheme in schemes)
            {
                additional.Add(scheme);
            }
        }
    }

    /// <summary>A token that may call an operation.</summary>
    public Task<IssuedToken> IssueCallerAsync(SetOperation operation, TokenExpiry? expiry = null, ScopeSet? scopes = null) =>
        Host.IssueAsync(new IssueRequest(operation.Set)
        {
            Kind = operation.CallerKind,
            Subject = SetOperation.User,
            Name = "caller",
            Scopes = scopes,
            Expiry = expiry ?? TokenExpiry.Default,
        });

    /// <summary>The token that an operation is about, with the name "target". Query's is suspended, and may only read.</summary>
    public Task<IssuedToken> IssueTargetAsync(SetOperation operation) => Host.IssueAsync(
        operation.Set == "query"
            ? new IssueRequest("query") { Name = "target", Scopes = ScopeSet.Create(QueryTokensDefaults.ReadScope), Suspended = true }
            : new IssueRequest(operation.Set) { Subject = SetOperation.User, Name = "target" });

    /// <summary>A JWT of the host's.</summary>
    public string Jwt(string subject = SetOperation.User, TimeSpan? lifetime = null) => AmoveHost.Jwt(subject, lifetime: lifetime, from: Clock.GetUtcNow());

    /// <summary>A cookie of the host's.</summary>
    public string CookieOf(string subject = SetOperation.User, TimeSpan? lifetime = null)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity(subject.Length == 0 ? [] : [new Claim("sub", subject)], Cookie));
        CookieAuthenticationOptions options = Host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Cookie);
        var ticket = new AuthenticationTicket(user, new() { ExpiresUtc = Clock.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1)) }, Cookie);
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }

    /// <summary>All tokens of a realm with everything that a change can change, revoked ones included.</summary>
    public async Task<string> StateAsync(string realm) => string.Join('\n', await ListAsync(realm).Select(static token => token with { LastUsedAt = null }).ToListAsync());

    /// <summary>All tokens of a realm, revoked ones included.</summary>
    public IAsyncEnumerable<ApiToken> ListAsync(string realm) =>
        Host.Tokens.ListAllAsync(new TokenQuery(realm, SubjectFilter.Any) { IncludeRevoked = true });

    /// <summary>Sends a request.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="proof">How the caller proves who it is.</param>
    /// <param name="credential">By which text.</param>
    /// <param name="target">The token that it is about; null for one that there is not.</param>
    /// <param name="beforeBody">Happens when the set has judged the caller and asks for the body. It is sent afterwards.</param>
    /// <param name="headers">Other headers.</param>
    public async Task<RawResponse> SendAsync(
        SetOperation operation,
        Proof proof,
        string credential,
        IssuedToken? target = null,
        Func<Task>? beforeBody = null,
        params string[] headers)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Host.Address);
        string head = Head(operation, proof, credential, target?.Record.Id ?? Guid.Empty, [.. headers, .. beforeBody is null ? [] : new[] { "Expect: 100-continue" }]);
        if (beforeBody is null)
        {
            await connection.SendAsync(head + operation.Body);
        }
        else
        {
            await connection.SendAsync(head);
            await connection.ReadContinueAsync();
            await beforeBody();
            await connection.SendAsync(operation.Body!);
        }

        return await connection.ReadAsync() ?? throw new IOException("No answer came.");
    }

    public ValueTask DisposeAsync() => Sets.DisposeAsync();

    private static string Head(SetOperation operation, Proof proof, string credential, Guid target, string[] headers)
    {
        string path = operation.Path.Replace("{target}", operation.Set == "canvus" ? TokenIdText.Write(target) : target.ToString(), StringComparison.Ordinal);
        string[] proofs = (operation.Set, proof) switch
        {
            ("amove", _) => [],
            ("canvus", Proof.Token) => [$"Private-Token: {credential}"],
            (_, Proof.Cookie) => [$"Cookie: {credential}", "Sec-Fetch-Site: same-origin"],
            _ => [$"Authorization: Bearer {credential}"],
        };
        string[] label = operation.Body is { } body ? ["Content-Type: application/json", $"Content-Length: {body.Length}"] : [];
        string query = operation.Set == "amove" ? $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}token={credential}" : "";
        return string.Join("\r\n", [$"{operation.Method} {path}{query} HTTP/1.1", "Host: localhost", .. proofs, .. label, .. headers, "", ""]);
    }
}
