using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>What the runner knows of a set: how its hosts are made, what its cases may be given, and how it talks.</summary>
/// <param name="Name">The folder of its traces; in small letters, the name of its page.</param>
/// <param name="Services">What every host of its traces adds.</param>
/// <param name="Map">Mounts it.</param>
/// <param name="Given">The vocabulary of its cases, besides that of all sets.</param>
/// <param name="Dialect">Says what is wrong with a response that the set cannot have sent; null when nothing is.</param>
internal sealed record TraceSet(
    string Name,
    Action<IServiceCollection, TestClock> Services,
    Action<WebApplication> Map,
    IReadOnlyDictionary<string, Given> Given,
    Func<RawResponse, string?> Dialect)
{
    /// <summary>Every set that has traces.</summary>
    public static IReadOnlyList<TraceSet> All { get; } = [AmoveTraces.Set, QueryTraces.Set, CanvusTraces.Set, VirtuousAITraces.Set];

    public static TraceSet Of(string name) => All.Single(set => set.Name == name);

    public Given Find(string name) =>
        Given.GetValueOrDefault(name)
        ?? Traces.Given.ToAll.GetValueOrDefault(name)
        ?? throw new FormatException($"'{name}' is no word of {Name}'s vocabulary.");

    public override string ToString() => Name;
}

/// <summary>What a case may be given.</summary>
/// <param name="Services">What the host adds for it; null for nothing.</param>
/// <param name="Make">What is made or done when the host runs; null for nothing.</param>
internal sealed record Given(Action<IServiceCollection>? Services = null, Func<TraceHost, string, Task>? Make = null)
{
    /// <summary>What the cases of every set may be given.</summary>
    public static IReadOnlyDictionary<string, Given> ToAll { get; } = new Dictionary<string, Given>(StringComparer.Ordinal)
    {
        ["store-down"] = State(static host => host.Set.Host.Store.IsDown = true),
        ["no-rights"] = State(static host => host.Rights.AreGone = true),
        ["failing-rights"] = State(static host => host.Rights.AreFailing = true),
        ["everybodys-rights"] = State(static host => host.Rights.AreEverybodys = true),
        ["lost-keys"] = State(static host => host.Set.Protector.HasLostItsKey = true),
        ["broken-keys"] = State(static host => host.Set.Protector.IsBroken = true),

        // No credential is remembered, one hash is computed at a time, and it never ends.
        ["full-gate"] = new(
            static services =>
            {
                var hasher = new HeldHasher();
                services.AddSingleton(hasher);
                hasher.AddTo(services);
                services.AddTokenKit().ConfigureVerification(static verification => verification.ProofCacheCapacity = 0);
            },
            static async (host, _) =>
            {
                HeldHasher hasher = host.Set.Host.Services.GetRequiredService<HeldHasher>();
                hasher.Hold();
                Task<IssuedToken> held = host.Set.Host.IssueAsync();
                await hasher.Held;
                host.AtEnd(async () =>
                {
                    hasher.Release();
                    await held;
                });
            }),
    };

    /// <summary>An option of the host.</summary>
    public static Given Option(Action<IServiceCollection> services) => new(services);

    /// <summary>A text that placeholders of its name stand for.</summary>
    public static Given Text(Func<TraceHost, string> text) => new(Make: (host, name) =>
    {
        host.Values[name] = text(host);
        return Task.CompletedTask;
    });

    /// <summary>A cookie of the host's that ends in an hour, of a scheme that the set's callers may be known by.</summary>
    public static Given Cookie(string subject, Action<IServiceCollection, string> admit)
    {
        string scheme = $"cookie-of-{subject}";
        return new(
            services =>
            {
                services.AddAuthentication().AddCookie(scheme, cookie => cookie.Cookie.Name = scheme);
                admit(services, scheme);
            },
            (host, given) =>
            {
                var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", subject)], scheme));
                CookieAuthenticationOptions options = host.Set.Host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
                var ticket = new AuthenticationTicket(user, new() { ExpiresUtc = host.Clock.GetUtcNow().AddHours(1) }, scheme);
                host.Values[given] = $"{scheme}={options.TicketDataFormat.Protect(ticket)}";
                return Task.CompletedTask;
            });
    }

    /// <summary>
    /// A token of another realm, without scopes and for user 1001. Two schemes of the host that the set's callers may be known by take it: one of
    /// TokenKit's, and one that forwards to it.
    /// </summary>
    public static Given ForeignToken(Action<IServiceCollection, string> admit) => new(
        services =>
        {
            services.AddAuthentication().AddApiToken("foreign", "other").AddPolicyScheme("forward", null, static policy => policy.ForwardDefault = "foreign");
            admit(services, "forward");
            admit(services, "foreign");
        },
        static async (host, name) =>
        {
            IssuedToken token = await host.Set.Host.IssueAsync(realm: "other", expiry: TokenExpiry.After(TimeSpan.FromMinutes(1)));
            host.Keep(name, token, token.Record.Id.ToString());
        });

    /// <summary>A scheme of TokenKit's for the tokens of a set, in the header <c>X-Command-Line</c>, that the set's callers may be known by.</summary>
    public static Given CommandLine(string realm, Action<IServiceCollection, string> admit) => Option(services =>
    {
        services.AddAuthentication().AddApiToken("command-line", realm, static scheme =>
        {
            scheme.Sources.Clear();
            scheme.Sources.Add(new ApiTokenSource.Header("X-Command-Line"));
        });
        admit(services, "command-line");
    });

    /// <summary>A token that was given is revoked.</summary>
    public static Given Revoke(string token) => new(Make: (host, _) => host.Set.Host.RevokeAsync(host.Tokens[token]));

    /// <summary>A token that was given loses the scope to manage tokens, and keeps all others that it has.</summary>
    public static Given Unscope(string token) => new(Make: (host, _) =>
    {
        ApiToken record = host.Tokens[token].Record;
        return host.Set.Host.Tokens.UpdateAsync(new UpdateRequest(record.Realm, record.Id, SubjectFilter.Any)
        {
            Scopes = ScopeSet.Create(record.Scopes.Where(static scope => scope != ApiTokens.ManageScope)),
        });
    });

    /// <summary>Something that becomes of the host.</summary>
    public static Given State(Action<TraceHost> change) => new(Make: (host, _) =>
    {
        change(host);
        return Task.CompletedTask;
    });
}
