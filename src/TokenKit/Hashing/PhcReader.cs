using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TokenKit.Hashing;

/// <summary>Reads the parts of a PHC string from left to right; a part that cannot be read ends the reading.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct PhcReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool Skip(string literal)
    {
        if (!_rest.StartsWith(literal, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = _rest[literal.Length..];
        return true;
    }

    /// <summary>Reads a decimal number without sign and leading zeros.</summary>
    public bool TryReadNumber(out uint number)
    {
        ReadOnlySpan<char> digits = Take();

        // What parses numbers passes over NULs behind them.
        bool isCanonical = (digits.Length == 1 || !digits.StartsWith('0')) && !digits.ContainsAnyExceptInRange('0', '9');
        number = 0;
        return isCanonical && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads at least one byte.</summary>
    public bool TryReadBytes([NotNullWhen(true)] out byte[]? bytes) =>
        UnpaddedBase64.TryDecode(Take(), out bytes) && bytes.Length > 0;

    /// <summary>Reads bytes behind their name, or none where the name does not stand here.</summary>
    public bool TryReadOptional(string name, int maximumLength, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = [];
        return !Skip(name) || (TryReadBytes(out bytes) && bytes.Length <= maximumLength);
    }

    /// <summary>Takes everything before the next separator.</summary>
    private ReadOnlySpan<char> Take()
    {
        int length = _rest.IndexOfAny(',', '$');
        ReadOnlySpan<char> part = length < 0 ? _rest : _rest[..length];
        _rest = _rest[part.Length..];
        return part;
    }
}
