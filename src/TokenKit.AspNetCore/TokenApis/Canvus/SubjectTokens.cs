namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>All tokens of one user that are not revoked, as they were at one moment. It never changes, so streams share it.</summary>
internal sealed class SubjectTokens
{
    private readonly Dictionary<Guid, ApiToken> _byId;

    private SubjectTokens(List<ApiToken> tokens)
    {
        _byId = tokens.ToDictionary(token => token.Id);
        Shown = [.. tokens.Where(IsShown)];
    }

    public static SubjectTokens None { get; } = new([]);

    /// <summary>Those that the API shows, in the order of their creation.</summary>
    public IReadOnlyList<ApiToken> Shown { get; }

    public static async Task<SubjectTokens> ReadAsync(ApiTokens tokens, string realm, string subject, CancellationToken cancellationToken)
    {
        List<ApiToken> all = [];
        var query = new TokenQuery(realm, SubjectFilter.Is(subject)) { Order = TokenOrder.Inserted, Limit = TokenQuery.MaximumLimit };
        ApiTokenPage page;
        do
        {
            page = await tokens.ListAsync(query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Tokens);
        }
        while (page.NextCursor is { } cursor && query.TryContinue(cursor, out query));

        return new SubjectTokens(all);
    }

    /// <summary>The API shows one kind: the realm may have others, such as tokens of logins.</summary>
    public static bool IsShown(ApiToken token) => token.Kind is CanvusTokensDefaults.AccessTokenKind;

    /// <summary>A token of any kind; null when there is none.</summary>
    public ApiToken? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether a token is there just so.</summary>
    public bool Has(ApiToken token) => Find(token.Id)?.Version == token.Version;

    /// <summary>Whether nothing was added, changed or taken away between the two.</summary>
    public bool IsSameAs(SubjectTokens other) => _byId.Count == other._byId.Count && _byId.Values.All(other.Has);
}
