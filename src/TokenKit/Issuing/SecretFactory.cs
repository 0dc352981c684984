using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Stores;
using TokenKit.Turns;
using TokenKit.Verification;

namespace TokenKit.Issuing;

/// <summary>A secret that was just drawn.</summary>
/// <param name="Text">The plaintext.</param>
/// <param name="Stored">What a row holds of it.</param>
internal sealed record NewSecret(string Text, StoredSecret Stored)
{
    public override string ToString() => nameof(NewSecret);
}

/// <summary>Draws secrets: the one place where plaintexts come into being.</summary>
internal sealed class SecretFactory(
    KeyRing keys,
    HashingGate gate,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    RecoverableCopies copies,
    ILogger<ApiTokens> logger)
{
    /// <summary>When to ask again after there was no room to hash.</summary>
    public TimeSpan RetryAfter => gate.RetryAfter;

    /// <summary>Draws a secret for a token; null when too much waits to be hashed.</summary>
    public async Task<NewSecret?> TryCreateAsync(
        Realm realm, KindPolicy policy, string subject, Guid id, TokenActor actor, CancellationToken cancellationToken)
    {
        string text = DrawText(policy.Prefix, id);
        if (!gate.TryHash(TurnOwner.For(actor, realm.Name, subject, id), text, cancellationToken, out Task<string>? hashing))
        {
            return null;
        }

        try
        {
            string hash = await hashing.WaitAsync(cancellationToken).ConfigureAwait(false);
            PossessionMarks marks = keys.Mark(text, isOwnSecret: true);
            var stored = new StoredSecret
            {
                Hint = TokenText.HintOf(text),
                Hash = hash,
                Tag = marks.Tag,
                KeyId = marks.KeyId,
                Verifier = marks.Verifier,
                RecoverableCopy = realm.KeepsRecoverableCopies ? copies.Make(text) : null,
            };
            return new NewSecret(text, stored);
        }
        catch (Exception exception) when (HashingGate.IsOutOfService(exception, cancellationToken))
        {
            Log.HashingFailed(logger, exception);
            return null;
        }
    }

    /// <summary>The plaintext for the caller, once its row is stored. The token's first use then needs no hash.</summary>
    public TokenPlaintext Reveal(StoredToken row, NewSecret secret)
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
}
