using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Format;

namespace TokenKit.Hashing;

/// <summary>The keys outside the database: the current one for new rows, former ones for the rows that they made. It may be empty.</summary>
internal sealed class KeyRing
{
    private readonly RingKey[] _keys;

    public KeyRing(KeyRingOptions options)
    {
        _keys = [.. options.Keys.Select(key => new RingKey(key.Id, key.Bytes))];
        Current = _keys.Single(key => string.Equals(key.Id, options.CurrentKeyId, StringComparison.Ordinal));
        HashKey = options.HashWithKey ? Current : null;
    }

    private KeyRing() => _keys = [];

    /// <summary>The ring of a host that has no keys.</summary>
    public static KeyRing Empty { get; } = new();

    /// <summary>The key for new rows; null for none.</summary>
    public RingKey? Current { get; }

    /// <summary>The key that goes into new hashes; null for none.</summary>
    public RingKey? HashKey { get; }

    /// <summary>The ids of the former keys.</summary>
    public IEnumerable<string> FormerIds => _keys.Where(key => key != Current).Select(key => key.Id);

    public bool TryGet(string id, [NotNullWhen(true)] out RingKey? key)
    {
        // One key or two: nothing is faster than to look at them.
        foreach (RingKey candidate in _keys)
        {
            if (string.Equals(candidate.Id, id, StringComparison.Ordinal))
            {
                key = candidate;
                return true;
            }
        }

        key = null;
        return false;
    }

    public bool TryGet(ReadOnlySpan<byte> id, [NotNullWhen(true)] out RingKey? key)
    {
        foreach (RingKey candidate in _keys)
        {
            if (id.SequenceEqual(candidate.IdBytes))
            {
                key = candidate;
                return true;
            }
        }

        key = null;
        return false;
    }

    /// <summary>What a row shall hold besides the hash of a text, so that possession can be told without it.</summary>
    /// <param name="text">A text that <see cref="TokenText.TryParse"/> accepts.</param>
    /// <param name="isOwnSecret">
    /// Whether TokenKit drew the secret. Of another the tag would tell too much while no key is in it – and one that has a key today may
    /// be without one tomorrow.
    /// </param>
    public PossessionMarks Mark(ReadOnlySpan<char> text, bool isOwnSecret)
    {
        Span<byte> secret = stackalloc byte[TokenText.SecretBytes];
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        try
        {
            TokenText.TryReadSecret(text, secret);
            byte[]? tag = isOwnSecret ? new byte[SecretTag.Length] : null;
            if (Current is null)
            {
                if (tag is not null)
                {
                    SecretTag.Compute(secret, tag);
                }

                return new PossessionMarks(tag, KeyId: null, Verifier: null);
            }

            if (tag is not null)
            {
                Current.ComputeTag(secret, tag);
            }

            byte[] verifier = new byte[RingKey.VerifierLength];
            Current.ComputeVerifier(ascii[..Encoding.ASCII.GetBytes(text, ascii)], verifier);
            return new PossessionMarks(tag, Current.Id, verifier);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(ascii);
        }
    }
}

/// <summary>The columns of a row that tell possession without a hash.</summary>
internal readonly record struct PossessionMarks(byte[]? Tag, string? KeyId, byte[]? Verifier);
