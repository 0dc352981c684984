using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace TokenKit.Policy;

/// <summary>A realm that was added to the services, by its name.</summary>
internal sealed record RealmRegistration(string Name);

/// <summary>The realms of the host.</summary>
internal sealed class RealmDirectory(IEnumerable<RealmRegistration> registrations, IOptionsMonitor<RealmOptions> options)
{
    private readonly FrozenDictionary<string, Realm> _realms = registrations
        .Select(registration => registration.Name)
        .Distinct(StringComparer.Ordinal)
        .ToFrozenDictionary(name => name, name => new Realm(name, options.Get(name)), StringComparer.Ordinal);

    public IEnumerable<Realm> All => _realms.Values;

    public bool Has(string name) => _realms.ContainsKey(name);

    /// <exception cref="ArgumentException">There is no such realm.</exception>
    public Realm Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _realms.TryGetValue(name, out Realm? realm)
            ? realm
            : throw new ArgumentException($"There is no realm '{name}': add it with AddTokenKit().AddRealm(\"{name}\", …).", nameof(name));
    }
}
