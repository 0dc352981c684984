using TokenKit.Policy;

namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>Changes what may change in a token that is not revoked, moves <see cref="StoredToken.UpdatedAt"/> and counts the version up.</summary>
    /// <remarks>It carries only what changes. Outcomes: Done, NameTaken, CapReached, Stale, NotFound (also for a revoked token), ActorLost.</remarks>
    public sealed record Update : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="token">A row of the token, of whatever version: it tells id, realm, subject and kind, which never change.</param>
        /// <param name="actor">Who changes it.</param>
        public Update(TimeProvider time, StoredToken token, TokenActor actor)
            : base(time, NotNull(token).Realm, SubjectFilter.For(token.Subject), token.Id, actor)
        {
            Subject = token.Subject;
            Kind = token.Kind;
        }

        /// <summary>The version that the row must have.</summary>
        /// <value>Default: null, which means any.</value>
        public long? ExpectedVersion { get; init; }

        /// <summary>The new name.</summary>
        public Optional<string> Name { get; init; }

        /// <summary>The name key of the new name, for a row that has another name. A row whose name stays keeps its key.</summary>
        /// <value>Default: null, for a name that need not be unique.</value>
        public byte[]? NameKey { get; init; }

        /// <summary>The new scopes, separated by single spaces.</summary>
        public Optional<string> Scopes { get; init; }

        /// <summary>The new expiry; null for never.</summary>
        public Optional<DateTimeOffset?> ExpiresAt { get; init; }

        /// <summary>Whether the token is suspended. One that is suspended already keeps the instant at which it was.</summary>
        public Optional<bool> Suspended { get; init; }

        /// <summary>The new data of the endpoint set; null for none.</summary>
        public Optional<string?> WireData { get; init; }

        /// <summary>The secret that replaces the row's. The former plaintext is worth nothing once the change is made.</summary>
        /// <value>Default: null, which leaves the row's secret as it is.</value>
        public StoredSecret? Secret { get; init; }

        /// <summary>How many living tokens of its kind the subject may have in the realm, for a token that is expired and would live again.</summary>
        /// <value>Default: null, which means any number.</value>
        public int? LivingTokenLimit { get; init; }

        // Only a later expiry lets a token live again.
        /// <inheritdoc/>
        public override TokenLimit? Limit => LivingTokenLimit is { } most && ExpiresAt.HasValue ? new(Subject, Kind, most) : null;

        /// <inheritdoc/>
        public override string? GuardedSubject => Limit?.Subject;

        private string Subject { get; }

        private string Kind { get; }

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now)
        {
            if (FindTarget(locked) is not { RevokedAt: null } row)
            {
                return TokenDecision.Refuse(CommitOutcome.NotFound);
            }

            if (ExpectedVersion is { } expected && expected != row.Version)
            {
                return TokenDecision.Refuse(CommitOutcome.Stale);
            }

            PowerRule.Decision power = PowerRule.Limit(row, Apply(row, now), acting);
            if (power.Problem is { } problem)
            {
                return TokenDecision.Refuse(CommitOutcome.ActorLost, problem);
            }

            bool livesAgain = row.ExpiresAt <= now && !(power.Row.ExpiresAt <= now);
            return livesAgain && LivingTokenLimit <= locked.Living
                ? TokenDecision.Refuse(CommitOutcome.CapReached)
                : TokenDecision.Change(power.Row, power.Clamped);
        }

        private StoredToken Apply(StoredToken row, DateTimeOffset now)
        {
            bool isRenamed = Name.HasValue && !string.Equals(Name.Value, row.Name, StringComparison.Ordinal);
            StoredToken changed = row with
            {
                Name = Name.Or(row.Name),
                NameKey = isRenamed ? NameKey : row.NameKey,
                Scopes = Scopes.Or(row.Scopes),
                ExpiresAt = ExpiresAt.Or(row.ExpiresAt),
                SuspendedAt = !Suspended.HasValue ? row.SuspendedAt
                    : Suspended.Value ? row.SuspendedAt ?? now
                    : null,
                WireData = WireData.Or(row.WireData),
                Secret = Secret ?? row.Secret,
                UpdatedAt = now,
                Version = row.Version + 1,
            };
            return changed.InWholeMicroseconds();
        }
    }
}
