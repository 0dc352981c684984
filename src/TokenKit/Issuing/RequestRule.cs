using System.Text;
using TokenKit.Policy;

namespace TokenKit.Issuing;

/// <summary>What every request for a new or changed token is held to.</summary>
internal static class RequestRule
{
    public static TokenProblem? ProblemOfName(string name, KindPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TokenName.IsValid(name, policy.MaximumNameLength) && !(policy.UniqueNames && name.Length == 0)
            ? null
            : TokenProblem.InvalidName;
    }

    // Subjects, actors and wire data come from the host, not from callers: a wrong one is a bug.
    public static void ThrowIfTooLong(string? text, int maximumLength, string what)
    {
        if (text is not null && (text.Length > maximumLength || !TokenName.IsValid(text, maximumLength)))
        {
            throw new ArgumentException($"{what} is longer than {maximumLength} characters, or holds NUL or half a surrogate pair.", what);
        }
    }

    public static void ThrowIfWireDataTooLong(string? wireData)
    {
        if (wireData is not null && Encoding.UTF8.GetByteCount(wireData) > ApiToken.MaximumWireDataBytes)
        {
            throw new ArgumentException($"The wire data is longer than {ApiToken.MaximumWireDataBytes} bytes of UTF-8.", nameof(wireData));
        }
    }
}
