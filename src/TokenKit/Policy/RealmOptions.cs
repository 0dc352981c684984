namespace TokenKit;

/// <summary>One realm: a space in which tokens are issued, listed, named and accepted.</summary>
public sealed class RealmOptions : TokenPolicyOptions
{
    internal static readonly TimeSpan LongestRevocationDelay = TimeSpan.FromHours(1);

    /// <summary>The kind that tokens get when their issuer does not say.</summary>
    /// <value>Default: <c>pat</c>. The realm has it without <see cref="AddKind"/>.</value>
    public string DefaultKind { get; set; } = "pat";

    /// <summary>Prefixes that the realm's tokens had once: tokens that have them keep verifying, new ones do not get them.</summary>
    /// <value>Default: none.</value>
    public ICollection<string> FormerPrefixes { get; } = [];

    /// <summary>
    /// Whether the plaintext is kept, encrypted, so that it can be shown again. Needs an <see cref="TokenKit.Recovery.ITokenProtector"/>. Whoever
    /// reads the database and the protector's keys then reads the tokens.
    /// </summary>
    /// <value>Default: false.</value>
    public bool KeepRecoverableCopies { get; set; }

    /// <summary>
    /// How long a change of a token, its revocation above all, may go unnoticed on other nodes and processes than the one that made it: zero
    /// to one hour. Zero reads the row for every verification. With more, verification needs no I/O for a row that was read less than that
    /// ago; the node that revoked a token still refuses it at once. <c>docs/verification.md</c> says exactly what is promised.
    /// </summary>
    /// <value>Default: zero.</value>
    public TimeSpan MaximumRevocationDelay { get; set; }

    internal Dictionary<string, Action<KindOptions>> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a kind, or configures further one that was added before.</summary>
    /// <param name="kind">The kind: 1 to 64 lower-case letters, digits, underscores and hyphens.</param>
    /// <param name="configure">Sets what differs from the realm. It runs after the realm is configured.</param>
    /// <returns>The same options.</returns>
    public RealmOptions AddKind(string kind, Action<KindOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        Kinds[kind] = Kinds.GetValueOrDefault(kind) + (configure ?? (static _ => { }));
        return this;
    }

    /// <summary>Every kind with what it has from the realm and what it states itself.</summary>
    internal IEnumerable<KeyValuePair<string, KindOptions>> ResolveKinds()
    {
        foreach (string kind in Kinds.Keys.Append(DefaultKind).Distinct(StringComparer.Ordinal))
        {
            var resolved = new KindOptions(this);
            Kinds.GetValueOrDefault(kind)?.Invoke(resolved);
            yield return new(kind, resolved);
        }
    }
}
