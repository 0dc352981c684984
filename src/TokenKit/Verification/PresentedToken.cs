using System.Runtime.InteropServices;
using TokenKit.Format;
using TokenKit.Policy;

namespace TokenKit.Verification;

/// <summary>A text that has the form of a realm's token, with the id that it names. Nothing is proved by that.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Id">The id in it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PresentedToken(ReadOnlyMemory<char> Text, Guid Id)
{
    /// <summary>Reads a text, without any I/O and without allocating.</summary>
    public static bool TryRead(Realm realm, ReadOnlyMemory<char> text, out PresentedToken presented)
    {
        bool isToken = TokenText.TryParse(text.Span, out ReadOnlySpan<char> prefix, out Guid id) && realm.Accepts(prefix);
        presented = isToken ? new(text, id) : default;
        return isToken;
    }

    // A record would print its text.
    public override string ToString() => nameof(PresentedToken);
}
