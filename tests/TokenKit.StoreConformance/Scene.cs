using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Stores;

namespace TokenKit.StoreConformance;

/// <summary>What a case works with: the store, rows to put into it, and the few things that most cases do with it.</summary>
internal sealed class Scene
{
    public const string Realm = "api";
    public const string Kind = "pat";
    public const string Subject = "1000";

    private readonly ITokenStore[] _instances;
    private int _lastId;

    private Scene(params ITokenStore[] instances) => _instances = instances;

    /// <summary>The instant at which scenes begin, with all the microseconds that a store must keep.</summary>
    public static DateTimeOffset Start { get; } = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_457);

    public ITokenStore Store => _instances[0];

    /// <summary>A scene with one instance of the store.</summary>
    public static async Task<Scene> OpenAsync(IStoreFixture fixture) => new(await fixture.CreateAsync());

    /// <summary>A scene with two instances upon the same data.</summary>
    public static async Task<Scene> OpenSharedAsync(IStoreFixture fixture) => new(await fixture.CreateAsync(), await fixture.OpenAnotherAsync());

    /// <summary>The instance that a writer uses: neighbours use different ones where there are two.</summary>
    public ITokenStore StoreOf(int writer) => _instances[writer % _instances.Length];

    /// <summary>An instant of the scene.</summary>
    public static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    /// <summary>32 bytes for a name that must be unique.</summary>
    public static byte[] NameKey(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    /// <summary>The next id: laid out as a version-7 UUID (RFC 9562 §5.7), in ascending order, and the same in every run.</summary>
    public Guid NextId()
    {
        int number = Interlocked.Increment(ref _lastId);
        byte[] bytes = SHA256.HashData(BitConverter.GetBytes(number))[..16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)(Start.ToUnixTimeMilliseconds() + number) << 16) | 0x7000 | (bytes[7] & 0x0FFFu));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A row with nothing but what each row has.</summary>
    public StoredToken Row(int second = 0, string subject = Subject) => new()
    {
        Id = NextId(),
        Realm = Realm,
        Kind = Kind,
        Subject = subject,
        Name = "deploy",
        Scopes = "read write",
        Secret = new StoredSecret
        {
            Hint = "acme_8fKq2",
            Hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
        },
        CreatedAt = At(second),
        UpdatedAt = At(second),
    };

    /// <summary>A living row with a value of its own in every column that a living row may fill.</summary>
    public StoredToken FullRow() => Row().WithSecret(secret => secret with
    {
        Tag = [0x00, 0xFF, 0x80, 0x7F, 0x01, 0x27, 0x5C, 0x00],
        KeyId = "2026-01",
        Verifier = [.. Enumerable.Range(0, 32).Select(i => (byte)(255 - (i * 7)))],
        RecoverableCopy = [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
    }) with
    {
        NameKey = NameKey("full"),
        UpdatedAt = At(1),
        ExpiresAt = At(3600).AddMicroseconds(1),
        LastUsedAt = At(2).AddMicroseconds(-1),
        SuspendedAt = At(3),
        IssuedBy = NextId(),
        Actor = "admin@example.com",
        PredecessorId = NextId(),
        SuccessorId = NextId(),
        WireData = """{"note":"x"}""",
    };

    /// <summary>Makes a change that no other runs into, and reads back what the answer says: what was decided need not be what was written.</summary>
    public async Task<CommitResult> CommitAsync(TokenChange change)
    {
        CommitResult result = await Store.CommitAsync(change, CancellationToken.None);
        if (result is { Outcome: CommitOutcome.Done, Token: { } row })
        {
            Expect.Same(row, await FindAsync(row.Id), $"the row that {change.GetType().Name} answered with, read back");
        }

        return result;
    }

    public Task<CommitResult> TryAddAsync(StoredToken row, int? limit = null, int now = 0) => CommitAsync(Issue(row, limit, now));

    /// <summary>A clock that stands at an instant of the scene.</summary>
    public static TimeProvider Clock(int seconds) => new StoppedClock(At(seconds));

#pragma warning disable CA1822 // Cases say "scene.Issue".
    public TokenChange.Issue Issue(StoredToken row, int? limit = null, int now = 0, TokenActor? actor = null) =>
        new(Clock(now), row, actor ?? TokenActor.Host) { LivingTokenLimit = limit };

    /// <summary>Writes all that an update may change as it is in a row, over that version of it.</summary>
    public TokenChange.Update Update(StoredToken row, int now = 0, int? limit = null) => new(Clock(now), row, TokenActor.Host)
    {
        ExpectedVersion = row.Version,
        Name = row.Name,
        NameKey = row.NameKey,
        Scopes = row.Scopes,
        ExpiresAt = row.ExpiresAt,
        Suspended = row.SuspendedAt is not null,
        WireData = row.WireData,
        LivingTokenLimit = limit,
    };

    public TokenChange.Rehash Rehash(StoredToken row, string expectedHash, int now = 0) => new(Clock(now), row, expectedHash);

    public TokenChange.Update UpdateWithSecret(StoredToken row, int now = 0) => Update(row, now) with { Secret = row.Secret };

    public TokenChange.Revoke Revoke(StoredToken row, int now = 0, TokenActor? actor = null) =>
        new(Clock(now), row.Id, row.Realm, SubjectFilter.Any, actor ?? TokenActor.Host);

    public TokenChange.RevokeAll RevokeAll(SubjectFilter owner, int now = 9, TokenActor? actor = null) => new(Clock(now), Realm, owner, actor ?? TokenActor.Host);

    public TokenChange.Delete Delete(StoredToken row, int now = 0, TokenActor? actor = null) =>
        new(Clock(now), row.Id, row.Realm, SubjectFilter.Any, actor ?? TokenActor.Host);
#pragma warning restore CA1822

    /// <summary>A purge that runs a day later unless said otherwise, so that it may forget all changes that are older than its instant.</summary>
    public static TokenBatch.Purge Purge(DateTimeOffset endedBefore, int limit = TokenBatch.MaximumSize, int now = 86_400) => new(Clock(now), endedBefore, limit);

    /// <summary>Revokes tokens and gives how many.</summary>
    public async Task<int> RevokeAsync(TokenChange.RevokeAll change)
    {
        CommitResult result = await CommitAsync(change);
        Expect.Outcome(CommitOutcome.Done, result);
        return result.Written;
    }

    /// <summary>Issues a row that nothing stands against, and gives it as it is in the store.</summary>
    public async Task<StoredToken> AddAsync(StoredToken row) => Expect.Done(await TryAddAsync(row));

    /// <summary>Issues several rows, one after the other.</summary>
    public async Task<StoredToken[]> AddAsync(params IEnumerable<StoredToken> rows)
    {
        List<StoredToken> added = [];
        foreach (StoredToken row in rows)
        {
            added.Add(await AddAsync(row));
        }

        return [.. added];
    }

    public async Task<int> BatchAsync(TokenBatch batch) => await Store.CommitBatchAsync(batch, CancellationToken.None);

    public async Task<StoredToken?> FindAsync(Guid id) => await Store.FindAsync(id, CancellationToken.None);

    /// <summary>A row that is there.</summary>
    public async Task<StoredToken> ReadAsync(Guid id)
    {
        StoredToken? row = await FindAsync(id);
        Expect.That(row is not null, $"the row {id} is there");
        return row;
    }

    public async Task<TokenPage> ListAsync(TokenQuery query)
    {
        TokenPage page = await Store.ListAsync(query, CancellationToken.None);
        Expect.That(page.Tokens.Count <= query.Limit, $"a page holds at most {query.Limit} rows, got {page.Tokens.Count}");
        Expect.That(!page.HasMore || page.Tokens.Count == query.Limit, $"a page with more behind it is full: expected {query.Limit} rows, got {page.Tokens.Count}");
        return page;
    }

    /// <summary>The first row of a list that is not empty.</summary>
    public async Task<StoredToken> FirstAsync(TokenQuery query)
    {
        TokenPage page = await ListAsync(query);
        Expect.That(page.Tokens.Count > 0, "the list is not empty");
        return page.Tokens[0];
    }

    /// <summary>The ids of a whole list, fetched page by page.</summary>
    public async Task<IReadOnlyList<Guid>> ListAllAsync(TokenQuery query)
    {
        List<Guid> ids = [];
        for (TokenPage? page = null; page is null or { HasMore: true };)
        {
            page = await ListAsync(query);
            ids.AddRange(page.Tokens.Select(row => row.Id));
            query = page.HasMore ? query with { After = PositionOf(page.Tokens[^1]) } : query;
        }

        return ids;
    }

    public static TokenPosition PositionOf(StoredToken row) => new(row.CreatedAt, row.Id, row.Sequence);

    /// <summary>The store still holds the row exactly so.</summary>
    public async Task ExpectUnchangedAsync(StoredToken row) => Expect.Same(row, await FindAsync(row.Id), "a row that nothing changed");
}
