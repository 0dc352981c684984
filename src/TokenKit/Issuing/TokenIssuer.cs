using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Stores;
using TokenKit.Verification;

namespace TokenKit.Issuing;

/// <summary>The one path on which tokens come into being.</summary>
internal sealed class TokenIssuer(
    RealmDirectory realms,
    LocalChanges changes,
    ISecretHasher hasher,
    KeyRing keys,
    HashingGate gate,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    RecoverableCopies copies,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger)
{
    public async Task<IssueResult> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        KindPolicy policy = realm.KindOrDefault(request.Kind);
        StorableText.ThrowIfNot(request.Subject ?? throw new ArgumentException("Subject is null: empty means nobody.", nameof(request)), ApiToken.MaximumSubjectLength, nameof(request.Subject));
        StorableText.ThrowIfNot(request.Actor, ApiToken.MaximumSubjectLength, nameof(request.Actor));
        RequestRule.ThrowIfNotWireData(request.WireData);

        DateTimeOffset now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ExpiryRule.Decision expiry = ExpiryRule.Decide(request.Expiry, policy, now, now, request.ActingToken);
        ScopeSet? scopes = ScopeRule.Decide(request.Scopes, policy, request.ActingToken);
        TokenProblem? problem =
            RequestRule.ProblemOfActing(request.ActingToken, realm, now)
            ?? (scopes is null ? (TokenProblem?)TokenProblem.ScopesExceedIssuer : null)
            ?? RequestRule.ProblemOfName(request.Name, policy)
            ?? expiry.Problem;
        if (problem is not null)
        {
            return new IssueResult.Rejected(problem.Value);
        }

        Guid id = TokenId.Create(now);
        string text = DrawText(policy.Prefix, id);
        var lane = HashingLane.ForIssue(realm.Name, request.Subject);
        if (!gate.TryRun(lane, stopping => Hash(text, stopping, cancellationToken), out Task<string>? hashing))
        {
            return new IssueResult.Unavailable(gate.RetryAfter);
        }

        string hash;
        try
        {
            hash = await hashing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (HashingGate.IsOutOfService(exception, cancellationToken))
        {
            Log.HashingFailed(logger, exception);
            return new IssueResult.Unavailable(gate.RetryAfter);
        }

        PossessionMarks marks = keys.Mark(text, isOwnSecret: true);
        var row = new StoredToken
        {
            Id = id,
            Realm = realm.Name,
            Kind = policy.Kind,
            Subject = request.Subject,
            Name = request.Name,
            NameKey = policy.UniqueNames ? NameKey.Of(realm.Name, request.Subject, request.Name) : null,
            Scopes = scopes!.ToString(),
            Hint = TokenText.HintOf(text),
            Hash = hash,
            Tag = marks.Tag,
            KeyId = marks.KeyId,
            Verifier = marks.Verifier,
            RecoverableCopy = realm.KeepsRecoverableCopies ? copies.Make(text) : null,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiry.ExpiresAt,
            SuspendedAt = request.Suspended ? now : null,
            IssuedBy = request.ActingToken?.Id,
            Actor = request.Actor,
            WireData = request.WireData,
        };
        CommitResult result = await changes.CommitAsync(
            new TokenChange.Issue(TokenId.Create(now), now, row, policy.MaximumLivingTokens), cancellationToken).ConfigureAwait(false);
        switch (result)
        {
            case { Outcome: CommitOutcome.Done }:
                // Whoever was told the plaintext need not wait for a hash at its first use.
                proofs.Remember(proofKeys.Create(row, text));
                Log.Issued(logger, id, policy.Kind, realm.Name);
                return new IssueResult.Issued(ApiToken.From(result.Token ?? row), new TokenPlaintext(text), expiry.Clamped);
            case { Outcome: CommitOutcome.NameTaken }:
                return new IssueResult.Rejected(TokenProblem.NameTaken);
            case { Outcome: CommitOutcome.CapReached }:
                return new IssueResult.Rejected(TokenProblem.CapReached);
            default:
                throw new InvalidOperationException($"The store answered {result.Outcome} to the issue of a new token.");
        }
    }

    private static string DrawText(string prefix, Guid id)
    {
        Span<byte> secret = stackalloc byte[TokenText.SecretBytes];
        try
        {
            RandomNumberGenerator.Fill(secret);
            return TokenText.Write(prefix, id, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private string Hash(string text, CancellationToken stopping, CancellationToken caller)
    {
        // Nobody would get the token of a caller who gave up while waiting for a turn.
        caller.ThrowIfCancellationRequested();
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        try
        {
            int length = Encoding.ASCII.GetBytes(text, ascii);
            long startedAt = time.GetTimestamp();
            string hash = hasher.Hash(ascii[..length], stopping);
            metrics.HashedToIssue(time.GetElapsedTime(startedAt));
            return hash;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
        }
    }
}
