using TokenKit.Format;
using TokenKit.Policy;

namespace TokenKit.Stores;

/// <summary>One change, with the conditions under which it is made.</summary>
/// <remarks>
/// A store makes it in one transaction, in these steps. It knows no rule of TokenKit's.
/// <list type="number">
/// <item>Remember <see cref="ChangeId"/>. Where it is remembered already, answer <see cref="CommitResult.Repeated"/> and change nothing.</item>
/// <item>Lock what <see cref="GuardedSubject"/> names. Then lock and read the rows of <see cref="Ids"/>, and for a <see cref="RevokeAll"/> those of its owner, all together in ascending order. Count what <see cref="Limit"/> asks for.</item>
/// <item>Call <see cref="Decide"/> with what was read.</item>
/// <item>Write what it returned. Answer <see cref="CommitOutcome.NameTaken"/> or <see cref="CommitOutcome.Duplicate"/> where another row holds the name key or the id. Where the outcome is not <see cref="CommitOutcome.Done"/>, roll back, and forget the change id with it.</item>
/// </list>
/// </remarks>
public abstract partial record TokenChange
{
    private readonly TimeProvider _time;

    private TokenChange(TimeProvider time, string realm, SubjectFilter owner, Guid? target, TokenActor actor)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(actor);
        _time = time;
        Now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ChangeId = TokenId.Create(Now);
        Realm = realm;
        Owner = owner;
        Target = target;
        Actor = actor;
        Ids = Ascending(target, actor.Token?.Id);
    }

    /// <summary>
    /// Names the change. A change whose id was committed before is not made again and is <see cref="CommitOutcome.Done"/>, so that a caller
    /// who does not know what became of a change can repeat it. A store remembers ids for an hour at least, and until a purge that reaches past <see cref="Now"/>.
    /// Changes that were refused are not remembered, and those that were done and wrote nothing need not be.
    /// </summary>
    /// <value>Default: a new one. Null for a change that is harmless to repeat, which a store does not remember.</value>
    public Guid? ChangeId { get; init; }

    /// <summary>When the change was asked for: whole microseconds in UTC. A purge forgets the change id by it, and tokens that expired by then do not count for <see cref="Limit"/>.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The realm that the tokens are in.</summary>
    public string Realm { get; }

    /// <summary>Whose the tokens must be.</summary>
    public SubjectFilter Owner { get; }

    /// <summary>The token that is issued, changed or removed; null for a revoke-all.</summary>
    public Guid? Target { get; }

    /// <summary>Who makes the change, and what must be held for it.</summary>
    public TokenActor Actor { get; }

    /// <summary>
    /// The tokens to lock and read: the target, unless it is new, or the one that a revoke-all spares, and the acting token. Ascending by their
    /// 16 bytes, each once.
    /// </summary>
    public IReadOnlyList<Guid> Ids { get; private init; }

    /// <summary>
    /// The subject whose guard is locked before any token: of two changes that lock the guard of the same realm and subject, the second
    /// waits for the first. Null for none.
    /// </summary>
    public virtual string? GuardedSubject => null;

    /// <summary>
    /// Which living tokens the store counts for <see cref="LockedTokens.Living"/>, behind the guard of their subject. A store may leave the
    /// guard alone while the count is more than 64 below the limit. So only more than 64 issues of one subject that are under way at once can pass
    /// the limit, by as many as are beyond.
    /// </summary>
    public virtual TokenLimit? Limit => null;

    /// <summary>
    /// Decides what becomes of the change. The store calls it once the rows are locked: the authority of the actor is judged by them, as of
    /// the instant of this call. Later it waits for nothing but its own writes.
    /// </summary>
    /// <param name="locked">What the store has locked.</param>
    /// <exception cref="ArgumentException">The living tokens of <see cref="Limit"/> were not counted.</exception>
    public TokenDecision Decide(LockedTokens locked)
    {
        ArgumentNullException.ThrowIfNull(locked);
        DateTimeOffset now = UnixMicroseconds.Truncate(_time.GetUtcNow());
        if (Limit is not null && locked.Living is null)
        {
            throw new ArgumentException($"The change has a limit: count its living tokens for {nameof(LockedTokens.Living)}.", nameof(locked));
        }

        ApiToken? acting = Actor.Token is { } known && locked.Find(known.Id) is { } row ? ApiToken.From(row) : null;
        return ActorRule.ProblemOf(Actor, acting, Realm, Target, now) is { } problem
            ? TokenDecision.Refuse(CommitOutcome.ActorLost, problem)
            : DecideFor(locked, acting, now);
    }

    /// <summary>Decides for an actor that may act.</summary>
    private protected abstract TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now);

    /// <summary>The target, where it is of the realm and the owner that the change names.</summary>
    private protected StoredToken? FindTarget(LockedTokens locked) => locked.Find(Target) is { } row && Covers(row) ? row : null;

    /// <summary>Whether a row is of the realm and the owner that the change names.</summary>
    private protected bool Covers(StoredToken row) => string.Equals(row.Realm, Realm, StringComparison.Ordinal) && Owner.Matches(row.Subject);

    private protected static StoredToken NotNull(StoredToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token;
    }

    private static Guid[] Ascending(Guid? one, Guid? other) => (one, other) switch
    {
        (null, null) => [],
        ({ } id, null) => [id],
        (null, { } id) => [id],
        ({ } a, { } b) => a.CompareTo(b) switch
        {
            < 0 => [a, b],
            0 => [a],
            > 0 => [b, a],
        },
    };
}
