using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Stores;
using TokenKit.Verification;

namespace TokenKit.Issuing;

/// <summary>A secret that nobody knows yet, as it goes into a row.</summary>
internal sealed record NewSecret(string Text, string Hash, PossessionMarks Marks, byte[]? RecoverableCopy)
{
    public StoredToken PutInto(StoredToken row) => row with
    {
        Hint = TokenText.HintOf(Text),
        Hash = Hash,
        Tag = Marks.Tag,
        KeyId = Marks.KeyId,
        Verifier = Marks.Verifier,
        RecoverableCopy = RecoverableCopy,
    };
}

/// <summary>Draws secrets: the one place where plaintexts come into being.</summary>
internal sealed class SecretFactory(
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
    /// <summary>When to ask again after there was no room to hash.</summary>
    public TimeSpan RetryAfter => gate.RetryAfter;

    /// <summary>Draws a secret for a token; null when too much waits to be hashed.</summary>
    public async Task<NewSecret?> TryDrawAsync(Realm realm, KindPolicy policy, string subject, Guid id, CancellationToken cancellationToken)
    {
        string text = DrawText(policy.Prefix, id);
        if (!gate.TryRun(HashingLane.ForIssue(realm.Name, subject), stopping => Hash(text, stopping, cancellationToken), out Task<string>? hashing))
        {
            return null;
        }

        try
        {
            string hash = await hashing.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new NewSecret(text, hash, keys.Mark(text, isOwnSecret: true), realm.KeepsRecoverableCopies ? copies.Make(text) : null);
        }
        catch (Exception exception) when (HashingGate.IsOutOfService(exception, cancellationToken))
        {
            Log.HashingFailed(logger, exception);
            return null;
        }
    }

    /// <summary>Whoever is told the plaintext of a row that is stored need not wait for a hash at its first use.</summary>
    public TokenPlaintext Tell(StoredToken row, NewSecret secret)
    {
        proofs.Remember(proofKeys.Create(row, secret.Text));
        return new TokenPlaintext(secret.Text);
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
        long startedAt = time.GetTimestamp();
        string hash = hasher.Hash(text.AsSpan(), stopping);
        metrics.HashedToIssue(time.GetElapsedTime(startedAt));
        return hash;
    }
}
