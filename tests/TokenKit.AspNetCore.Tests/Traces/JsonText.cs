using System.Globalization;
using System.Text;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>
/// Brings JSON into one form, so that neither white space nor the way a character is escaped makes a difference. The order of members does.
/// </summary>
internal static class JsonText
{
    /// <summary>The text in one form; text that does not begin as an object or an array does stays as it is.</summary>
    public static string Canonical(string text)
    {
        if (text.TrimStart() is not ['[' or '{', ..])
        {
            return text;
        }

        var result = new StringBuilder();
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                inString = !inString;
            }

            if (inString && text[i] == '\\')
            {
                result.Append(Unescape(text, ref i));
            }
            else if (inString || text[i] is not (' ' or '\r' or '\n' or '\t'))
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    // Characters are escaped only where they have to be. All text is Latin-1, one character a byte.
    private static string Unescape(string text, ref int i)
    {
        i++;
        if (i + 4 >= text.Length || text[i] != 'u')
        {
            return i < text.Length && text[i] == '/' ? "/" : text.Substring(i - 1, Math.Min(2, text.Length - i + 1));
        }

        char unit = (char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        i += 4;
        if (char.IsHighSurrogate(unit) && i + 6 < text.Length && text.AsSpan(i + 1, 2) is "\\u")
        {
            char low = (char)ushort.Parse(text.AsSpan(i + 3, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            i += 6;
            return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([unit, low]));
        }

        return unit switch
        {
            '"' or '\\' => $"\\{unit}",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => $"\\u{(int)unit:x4}",
            _ => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([unit])),
        };
    }
}
