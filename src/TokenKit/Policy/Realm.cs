using System.Collections.Frozen;

namespace TokenKit.Policy;

/// <summary>A realm as it was configured and found valid: it does not change while the host runs.</summary>
internal sealed class Realm
{
    private readonly FrozenDictionary<string, KindPolicy> _kinds;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _prefixes;

    public Realm(string name, RealmOptions options)
    {
        Name = name;
        DefaultKind = options.DefaultKind;
        KeepsRecoverableCopies = options.KeepRecoverableCopies;
        MaximumRevocationDelay = options.MaximumRevocationDelay;
        _kinds = options.ResolveKinds().ToFrozenDictionary(kind => kind.Key, kind => new KindPolicy(kind.Key, kind.Value), StringComparer.Ordinal);
        _prefixes = _kinds.Values.Select(kind => kind.Prefix).Concat(options.FormerPrefixes)
            .ToFrozenSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public string DefaultKind { get; }

    public bool KeepsRecoverableCopies { get; }

    public TimeSpan MaximumRevocationDelay { get; }

    /// <summary>Whether a plaintext with this prefix may be one of the realm's.</summary>
    public bool Accepts(ReadOnlySpan<char> prefix) => _prefixes.Contains(prefix);

    /// <summary>Whether a text begins as a plaintext of the realm does, whatever follows.</summary>
    public bool IsMeantBy(ReadOnlySpan<char> text)
    {
        foreach (string prefix in _prefixes.Set)
        {
            if (text.Length > prefix.Length && text[prefix.Length] == '_' && text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public KindPolicy KindOrDefault(string? kind) =>
        _kinds.TryGetValue(kind ?? DefaultKind, out KindPolicy? policy)
            ? policy
            : throw new ArgumentException($"The realm '{Name}' has no kind '{kind}': add it with realm.AddKind(\"{kind}\").", nameof(kind));

    /// <summary>The policy of a kind that a stored token has; the default one's when the kind is no longer configured.</summary>
    public KindPolicy KindOf(string storedKind) => _kinds.GetValueOrDefault(storedKind) ?? _kinds[DefaultKind];
}
