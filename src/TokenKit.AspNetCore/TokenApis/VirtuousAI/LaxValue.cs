using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>Reads values as generously as pydantic's lax mode does, and no more generously.</summary>
internal static class LaxValue
{
    private const int LongestIntegerText = 4300;

    // 2^63. What JSON writes with a point or an exponent is an integer below it only.
    private const double BeyondInteger = 9_223_372_036_854_775_808;

    private static readonly SearchValues<char> UuidCharacters = SearchValues.Create("0123456789abcdefABCDEF-");
    private static readonly int[] UuidGroups = [8, 4, 4, 4, 12];
    private static readonly string[] TrueWords = ["1", "t", "y", "on", "yes", "true"];
    private static readonly string[] FalseWords = ["0", "f", "n", "no", "off", "false"];

    /// <summary>Reads a boolean.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Fault? ReadBoolean(string text, out bool value)
    {
        value = TrueWords.Contains(text, StringComparer.OrdinalIgnoreCase);
        return value || FalseWords.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : Fault.NotBoolean;
    }

    /// <summary>Reads an integer of any size; one that is too large for the type comes out as its largest or smallest value.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Fault? ReadInteger(string text, out long value)
    {
        value = 0;
        if (text.Length > LongestIntegerText)
        {
            return Fault.IntegerTextTooLong;
        }

        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        bool negative = digits is ['-', ..];
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;

        // "5.0" and "1_000" are integers, though not both at once.
        int point = digits.IndexOf('.');
        if (point >= 0 && digits[(point + 1)..].TrimStart('0').IsEmpty)
        {
            digits = digits[..point];
        }
        else if (digits is [not '_', .., not '_'] && !digits.Contains("__", StringComparison.Ordinal))
        {
            digits = digits.ToString().Replace("_", "", StringComparison.Ordinal);
        }

        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return Fault.NotIntegerText;
        }

        long magnitude = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : long.MaxValue;
        value = negative ? -magnitude : magnitude;
        return null;
    }

    /// <summary>Reads an integer from JSON: a number without a fraction, or a string with one in it.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Fault? ReadInteger(JsonElement json, out long value)
    {
        value = 0;
        if (json.ValueKind == JsonValueKind.String)
        {
            return JsonInput.TryGetText(json, out string? text) ? ReadInteger(text, out value) : Fault.NotIntegerText;
        }

        if (json.ValueKind != JsonValueKind.Number)
        {
            return Fault.NotInteger;
        }

        if (json.GetRawText() is var raw && !raw.AsSpan().ContainsAny(".eE"))
        {
            return ReadInteger(raw, out value);
        }

        double number = json.GetDouble();
        if (!double.IsFinite(number))
        {
            return Fault.NotFinite;
        }

        value = double.ConvertToInteger<long>(number);
        return !double.IsInteger(number) ? Fault.Fraction
            : Math.Abs(number) < BeyondInteger ? null
            : Fault.IntegerTextTooLong;
    }

    /// <summary>Reads a UUID with hyphens or without.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Fault? ReadUuid(string text, out Guid value)
    {
        value = default;
        int stranger = text.AsSpan().IndexOfAnyExcept(UuidCharacters);
        if (stranger >= 0)
        {
            return Fault.NotUuid(string.Create(
                CultureInfo.InvariantCulture,
                $"invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `{Rune.GetRuneAt(text, stranger)}` at {stranger + 1}"));
        }

        string[] groups = text.Split('-');
        if (groups.Length is 1 or 5 && Guid.TryParseExact(text, groups.Length == 1 ? "N" : "D", out value))
        {
            return null;
        }

        return Fault.NotUuid(groups.Length switch
        {
            1 => string.Create(CultureInfo.InvariantCulture, $"invalid length: expected length 32 for simple format, found {text.Length}"),
            5 => FirstWrongGroup(groups),
            _ => string.Create(CultureInfo.InvariantCulture, $"invalid group count: expected 5, found {groups.Length}"),
        });
    }

    private static string FirstWrongGroup(string[] groups)
    {
        int wrong = 0;
        while (groups[wrong].Length == UuidGroups[wrong])
        {
            wrong++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"invalid group length in group {wrong}: expected {UuidGroups[wrong]}, found {groups[wrong].Length}");
    }
}
