using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Reads JSON that anybody may have sent. Nothing in it makes these methods throw.</summary>
internal static class JsonInput
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one JSON value, with or without a byte order mark before it.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="value">The value.</param>
    /// <param name="position">The character at which the text stops being JSON; 0 when it is not UTF-8.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement value, out int position)
    {
        value = default;
        position = 0;
        if (utf8.StartsWith(ByteOrderMark))
        {
            utf8 = utf8[ByteOrderMark.Length..];
        }

        // The reader passes over bytes that are no UTF-8, and throws when they are asked for.
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            value = JsonElement.Parse(utf8);
            return true;
        }
        catch (JsonException exception)
        {
            position = PositionOf(exception, utf8);
            return false;
        }
    }

    /// <summary>Finds a member of an object, names compared character by character. Where there are several, the last counts.</summary>
    public static JsonElement? Find(JsonElement objectValue, string name)
    {
        JsonElement? found = null;
        foreach (JsonProperty member in objectValue.EnumerateObject())
        {
            // A name with half a surrogate pair would make the comparison throw; it is not one that we know.
            if (!HasHalfPair(JsonMarshal.GetRawUtf8PropertyName(member)) && member.NameEquals(name))
            {
                found = member.Value;
            }
        }

        return found;
    }

    /// <summary>Reads a string value.</summary>
    /// <param name="value">A value of any kind.</param>
    /// <param name="text">The text.</param>
    /// <returns>False when it is no string, or holds half a surrogate pair, which no text can.</returns>
    public static bool TryGetText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = value.ValueKind == JsonValueKind.String && !HasHalfPair(JsonMarshal.GetRawUtf8Value(value)) ? value.GetString() : null;
        return text is not null;
    }

    // UTF-8 has no halves, so only escapes can write them.
    private static bool HasHalfPair(ReadOnlySpan<byte> escaped)
    {
        bool afterHigh = false;
        while (!escaped.IsEmpty)
        {
            char unit = '\0';
            int length = 1;
            if (escaped[0] == '\\')
            {
                bool isUnit = escaped[1] == 'u';
                length = isUnit ? 6 : 2;
                unit = isUnit ? (char)ushort.Parse(escaped[2..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : '\0';
            }

            if (char.IsLowSurrogate(unit) != afterHigh)
            {
                return true;
            }

            afterHigh = char.IsHighSurrogate(unit);
            escaped = escaped[length..];
        }

        return afterHigh;
    }

    private static int PositionOf(JsonException exception, ReadOnlySpan<byte> utf8)
    {
        int start = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        int end = (int)Math.Min(start + (exception.BytePositionInLine ?? 0), utf8.Length);
        return Encoding.UTF8.GetCharCount(utf8[..end]);
    }
}
