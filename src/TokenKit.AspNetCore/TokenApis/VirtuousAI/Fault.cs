namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>What can be wrong with one value, in the words of FastAPI and pydantic 2, which the product's clients show to people.</summary>
/// <param name="Type">The name of the error.</param>
/// <param name="Message">The text of the error.</param>
internal readonly record struct Fault(string Type, string Message)
{
    public static readonly Fault Missing = new("missing", "Field required");
    public static readonly Fault NotAnObject = new("model_attributes_type", "Input should be a valid dictionary or object to extract fields from");
    public static readonly Fault NotJson = new("json_invalid", "JSON decode error");
    public static readonly Fault NotText = new("string_type", "Input should be a valid string");
    public static readonly Fault NotBoolean = new("bool_parsing", "Input should be a valid boolean, unable to interpret input");
    public static readonly Fault NotInteger = new("int_type", "Input should be a valid integer");
    public static readonly Fault NotIntegerText = new("int_parsing", "Input should be a valid integer, unable to parse string as an integer");
    public static readonly Fault IntegerTextTooLong = new("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size");
    public static readonly Fault Fraction = new("int_from_float", "Input should be a valid integer, got a number with a fractional part");
    public static readonly Fault NotFinite = new("finite_number", "Input should be a finite number");

    /// <summary>The number is below the minimum or above the maximum, where there is one; null when it is neither.</summary>
    public static Fault? Outside(long value, long minimum, long? maximum) =>
        value < minimum ? new("greater_than_equal", Text($"Input should be greater than or equal to {minimum}"))
        : value > maximum ? new("less_than_equal", Text($"Input should be less than or equal to {maximum}"))
        : null;

    /// <summary>The text has too few or too many characters; null when it has neither.</summary>
    public static Fault? WrongLength(int length, int minimum, int maximum) =>
        length < minimum ? new("string_too_short", Text($"String should have at least {minimum} character{Plural(minimum)}"))
        : length > maximum ? new("string_too_long", Text($"String should have at most {maximum} character{Plural(maximum)}"))
        : null;

    /// <summary>The value is none of these; there are two or more.</summary>
    public static Fault NotOneOf(IReadOnlyList<string> values)
    {
        string[] quoted = [.. values.Select(value => $"'{value}'")];
        return new("enum", $"Input should be {string.Join(", ", quoted[..^1])} or {quoted[^1]}");
    }

    public static Fault NotUuid(string reason) => new("uuid_parsing", $"Input should be a valid UUID, {reason}");

    public static Fault Refused(string reason) => new("value_error", $"Value error, {reason}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Plural(int count) => count == 1 ? "" : "s";
}
