namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>Ends all tokens of an owner, expired and suspended ones included, just as <see cref="Revoke"/> ends each.</summary>
    /// <remarks>
    /// <para>
    /// A store locks and reads the rows of <see cref="Ids"/> and those of <see cref="TokenChange.Realm"/> and <see cref="TokenChange.Owner"/> that
    /// are not revoked, all in one ascending order. Of the latter it locks at most <see cref="Most"/>.
    /// </para>
    /// <para>Outcomes: Done, ActorLost.</para>
    /// </remarks>
    public sealed record RevokeAll : TokenChange
    {
        /// <summary>The most rows of a change with <see cref="Most"/>.</summary>
        public const int MaximumSize = 1000;

        /// <summary>Makes the change: for one subject, under its guard, unless <see cref="Most"/> is set.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="realm">The realm.</param>
        /// <param name="owner">Whose tokens. Those of every subject need <see cref="Most"/>.</param>
        /// <param name="actor">Who revokes them.</param>
        public RevokeAll(TimeProvider time, string realm, SubjectFilter owner, TokenActor actor)
            : base(time, realm, owner, target: null, actor)
        {
        }

        /// <summary>A token that stays as it is, together with its rotation partners.</summary>
        /// <value>Default: null, which spares none.</value>
        public Guid? Spared
        {
            get;
            init
            {
                Ids = Ascending(value, Actor.Token?.Id);
                field = value;
            }
        }

        /// <summary>
        /// The most rows to lock, 1 to <see cref="MaximumSize"/>, for one step of many: it takes no guard, is not remembered, and leaves the
        /// acting token alone.
        /// </summary>
        /// <value>Default: null, which means all rows, at once.</value>
        /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
        public int? Most
        {
            get;
            init
            {
                if (value is { } most)
                {
                    ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(value));
                    ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaximumSize, nameof(value));
                    ChangeId = null;
                }

                field = value;
            }
        }

        /// <summary>
        /// For a step: the steps before have dealt with the rows that were created before this instant, and a store need not look at them. A store
        /// that skips them must lock the oldest rows first.
        /// </summary>
        /// <value>Default: null, which means that every row counts.</value>
        public DateTimeOffset? CreatedFrom { get; init; }

        /// <inheritdoc/>
        public override string? GuardedSubject => Most is not null ? null : Owner switch
        {
            SubjectFilter.OneSubject one => one.Subject,
            SubjectFilter.NoSubject => "",
            _ => throw new InvalidOperationException($"Tokens of every subject are revoked in steps: set {nameof(Most)}."),
        };

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now)
        {
            // A rotation may have happened since the caller saw the token: its partners are read from the locked row.
            StoredToken? spared = locked.Find(Spared);
            StoredToken[] revoked =
            [
                .. locked.Tokens
                    .Where(row => row.RevokedAt is null && Covers(row) && !IsSpared(row.Id) && (Most is null || row.Id != acting?.Id))
                    .Select(row => Revoked(row, now)),
            ];
            return new TokenDecision(new CommitResult(CommitOutcome.Done) { Written = revoked.Length, Reached = Most is null ? null : Reached(locked) })
            {
                Changed = revoked,
            };

            bool IsSpared(Guid id) => id == Spared || id == spared?.PredecessorId || id == spared?.SuccessorId;
        }

        // The rows of Ids are locked wherever they stand.
        private DateTimeOffset? Reached(LockedTokens locked) =>
            locked.Tokens.Where(row => !Ids.Contains(row.Id)).Select(static row => (DateTimeOffset?)row.CreatedAt).Max();
    }
}
