using TokenKit.Format;

namespace TokenKit;

/// <summary>The id of a token as it stands in the token's text: 22 base62 characters, which need no escaping in a URL.</summary>
/// <remarks><c>docs/token-format.md</c> publishes the form. Each id has exactly one such text.</remarks>
public static class TokenIdText
{
    /// <summary>The number of characters: 22.</summary>
    public const int Length = 22;

    private const int IdBytes = 16;

    /// <summary>Writes an id.</summary>
    /// <param name="id">The id.</param>
    public static string Write(Guid id) => string.Create(Length, id, static (text, id) => Write(id, text));

    /// <summary>Reads an id.</summary>
    /// <param name="text">Anything, of any length.</param>
    /// <param name="id">The id; empty when the text is none.</param>
    /// <returns>Whether the text is that of an id. That says nothing of whether there is such a token.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        bool isId = text.Length == Length && Base62.TryDecode(text, bytes);
        bytes.Reverse();
        id = isId ? new Guid(bytes, bigEndian: true) : default;
        return isId;
    }

    // The id begins with the time; reversed, the text begins with random characters instead.
    internal static void Write(Guid id, Span<char> text)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes.Reverse();
        Base62.Encode(bytes, text);
    }
}
