namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>A token of a user whose tokens are watched.</summary>
/// <param name="Version">Its version.</param>
/// <param name="IsShown">Whether the API shows it.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Record">All of it; null where the user has more than is kept.</param>
internal readonly record struct WatchedToken(long Version, bool IsShown, DateTimeOffset CreatedAt, ApiToken? Record);

/// <summary>All tokens of one user that are not revoked, as they were at one moment. It never changes, so streams share it.</summary>
/// <remarks>
/// Records are kept while they are few, as those of nearly all users are. Of what is beyond there is only what tells that a token is another
/// than before; a stream that has to show it reads it.
/// </remarks>
internal sealed class SubjectTokens
{
    // All streams of a user share one look.
    private const int RowsAtOnce = 100;

    private const int MostCharacters = 64 * 1024;

    // What a record takes besides its name.
    private const int CharactersOfARecord = 256;

    private readonly OrderedDictionary<Guid, WatchedToken> _tokens = [];

    private SubjectTokens()
    {
    }

    public static SubjectTokens None { get; } = new();

    /// <summary>Whether all records are kept.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Those that the API shows, in the order of their creation.</summary>
    public IEnumerable<KeyValuePair<Guid, WatchedToken>> Shown => _tokens.Where(static token => token.Value.IsShown);

    /// <summary>Which tokens of a user the API shows.</summary>
    public static TokenQuery ShownOf(string realm, string subject) => AllOf(realm, subject) with
    {
        Kind = CanvusTokensDefaults.AccessTokenKind,
        Limit = TokenApiDefaults.RowsAtOnce,
    };

    /// <summary>Reads the tokens of a user.</summary>
    /// <param name="tokens">Where from.</param>
    /// <param name="realm">Their realm.</param>
    /// <param name="subject">The user.</param>
    /// <param name="inFull">The tokens whose records are kept in any case.</param>
    /// <param name="turns">Each page waits for one; null where none has to be waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SubjectTokens> ReadAsync(
        ApiTokens tokens, string realm, string subject, IReadOnlySet<Guid> inFull, SemaphoreSlim? turns, CancellationToken cancellationToken)
    {
        var found = new SubjectTokens();
        int left = MostCharacters;
        TokenQuery query = AllOf(realm, subject);
        ApiTokenPage page;
        do
        {
            page = await ReadAsync(tokens, query, turns, cancellationToken).ConfigureAwait(false);
            foreach (ApiToken token in page.Tokens)
            {
                left = Math.Max(0, left - CharactersOfARecord - token.Name.Length);
                bool isKept = left > 0 || inFull.Contains(token.Id);
                found.IsWhole &= isKept;
                found._tokens[token.Id] = new WatchedToken(token.Version, IsShown(token), token.CreatedAt, isKept ? token : null);
            }
        }
        while (page.NextCursor is { } cursor && query.TryContinue(cursor, out query));

        return found;
    }

    /// <summary>The API shows one kind: the realm may have others, such as tokens of logins.</summary>
    public static bool IsShown(ApiToken token) => token.Kind is CanvusTokensDefaults.AccessTokenKind;

    /// <summary>A token of any kind; null when there is none.</summary>
    public WatchedToken? Find(Guid id) => _tokens.TryGetValue(id, out WatchedToken token) ? token : null;

    /// <summary>Whether a token is there in that version.</summary>
    public bool Has(Guid id, long version) => Find(id)?.Version == version;

    /// <summary>Whether the records of those tokens that are there are kept.</summary>
    public bool HasInFull(IReadOnlySet<Guid> ids) => ids.All(id => Find(id) is not { Record: null });

    /// <summary>Whether nothing was added, changed or taken away between the two.</summary>
    public bool IsSameAs(SubjectTokens other) => _tokens.Count == other._tokens.Count && _tokens.All(token => other.Has(token.Key, token.Value.Version));

    private static TokenQuery AllOf(string realm, string subject) =>
        new(realm, SubjectFilter.Is(subject)) { Order = TokenOrder.Inserted, Limit = RowsAtOnce };

    private static async Task<ApiTokenPage> ReadAsync(ApiTokens tokens, TokenQuery query, SemaphoreSlim? turns, CancellationToken cancellationToken)
    {
        if (turns is null)
        {
            return await tokens.ListAsync(query, cancellationToken).ConfigureAwait(false);
        }

        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await tokens.ListAsync(query, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }
}
