using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>A host of traces: the clock stands at 2026-06-01, so that the dates of the published documents are still to come.</summary>
internal sealed class TraceHost : IAsyncDisposable
{
    private readonly List<Func<Task>> _atEnd = [];

    private TraceHost(SetHost set, TestClock clock)
    {
        Set = set;
        Clock = clock;
    }

    public SetHost Set { get; }

    public TestClock Clock { get; }

    public SwitchableRights Rights => Set.Host.Services.GetRequiredService<SwitchableRights>();

    /// <summary>What placeholders stand for: what was given, and what was taken from responses.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The tokens that were given, by their names.</summary>
    public Dictionary<string, IssuedToken> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts a host and makes what there is before the first request.</summary>
    public static async Task<TraceHost> StartAsync(TraceSet set, IReadOnlyList<string> given)
    {
        var clock = new TestClock(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        TraceHost host = new(
            await SetHost.StartAsync(
                services =>
                {
                    services.AddSingleton<TimeProvider>(clock);
                    services.AddSingleton<SwitchableRights>().AddSingleton<ITokenCallerRights>(static provider => provider.GetRequiredService<SwitchableRights>());
                    services.AddSingleton<DescribedSuccesses>();
                    services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<DescribedSuccesses>());
                    set.Services(services, clock);
                    foreach (string name in given)
                    {
                        set.Find(name).Services?.Invoke(services);
                    }
                },
                set.Map),
            clock);
        foreach (string name in given)
        {
            await host.MakeAsync(set, name);
        }

        return host;
    }

    /// <summary>Makes what a name of the set's vocabulary means.</summary>
    public async Task MakeAsync(TraceSet set, string name)
    {
        if (set.Find(name).Make is { } make)
        {
            await make(this, name);
        }
    }

    /// <summary>Keeps a token, its id and its hint for placeholders.</summary>
    public void Keep(string name, IssuedToken token, string id)
    {
        Tokens[name] = token;
        Values[name] = token.Plaintext;
        Values[name + "-id"] = id;
        Values[name + "-hint"] = token.Record.Hint;
    }

    /// <summary>Does something before the host stops.</summary>
    public void AtEnd(Func<Task> action) => _atEnd.Add(action);

    public async ValueTask DisposeAsync()
    {
        foreach (Func<Task> action in _atEnd)
        {
            await action();
        }

        await Set.DisposeAsync();
    }
}
