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

    /// <summary>Something that becomes of the host.</summary>
    public static Given State(Action<TraceHost> change) => new(Make: (host, _) =>
    {
        change(host);
        return Task.CompletedTask;
    });
}
