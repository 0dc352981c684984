using System.Diagnostics;
using TokenKit.Hashing;

namespace TokenKit;

/// <summary>The keys that rows are bound to and that are kept outside the database. They can be added, but nothing gives them out again.</summary>
public sealed class KeyRingOptions
{
    /// <summary>The shortest key in bytes: 256 bits.</summary>
    public const int MinimumKeyLength = 32;

    /// <summary>The longest key in bytes.</summary>
    public const int MaximumKeyLength = 1024;

    /// <summary>The longest id of a key, in characters: what the <c>keyid</c> of a PHC string holds.</summary>
    public const int MaximumKeyIdLength = PhcString.MaximumKeyIdLength;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly List<ConfiguredKey> _keys = [];

    /// <summary>The key for new rows. Rows of the other keys keep verifying, and get this one when they are used.</summary>
    /// <value>Default: empty, and then the host does not start.</value>
    public string CurrentKeyId { get; set; } = "";

    /// <summary>
    /// Whether the key also goes into the Argon2id hash, as its secret input K (RFC 9106 §3.1) under the <c>keyid</c> of the PHC string. Then
    /// a stolen table cannot be tried at all without the key – and a key that is lost takes the tokens of its rows with it, because no such
    /// hash can be computed without it.
    /// </summary>
    /// <value>Default: false, so that Argon2id alone decides when the key is gone.</value>
    public bool HashWithKey { get; set; }

    /// <summary>The ids of the keys, in the order in which they were added.</summary>
    public IReadOnlyList<string> KeyIds => [.. _keys.Select(key => key.Id)];

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal IReadOnlyList<ConfiguredKey> Keys => _keys;

    /// <summary>Adds a key, the current or a former one. What is wrong with it is said when the host starts.</summary>
    /// <param name="id">Its id, unique for ever: 1 to 8 ASCII letters, digits, hyphens and underscores. It is no secret.</param>
    /// <param name="key">At least 32 random bytes; they are copied.</param>
    public void AddKey(string id, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(id);
        _keys.Add(new ConfiguredKey(id, key.ToArray()));
    }

    /// <summary>Adds a key as configuration holds it.</summary>
    /// <param name="id">Its id, unique for ever: 1 to 8 ASCII letters, digits, hyphens and underscores. It is no secret.</param>
    /// <param name="base64">At least 32 random bytes as base64 (RFC 4648 §4). The host does not start when it is null or no base64.</param>
    public void AddKey(string id, string? base64)
    {
        ArgumentNullException.ThrowIfNull(id);
        byte[] bytes = new byte[(base64?.Length ?? 0) * 3 / 4];
        _keys.Add(new ConfiguredKey(id, Convert.TryFromBase64String(base64 ?? "", bytes, out int length) ? bytes[..length] : null));
    }
}

/// <summary>A key as it was configured; null bytes stand for a text that was none.</summary>
internal sealed class ConfiguredKey(string id, byte[]? bytes)
{
    public string Id { get; } = id;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public byte[]? Bytes { get; } = bytes;
}
