using System.Text;
using TokenKit.Policy;

namespace TokenKit.Issuing;

/// <summary>What every request for a new or changed token is held to.</summary>
internal static class RequestRule
{
    public static TokenProblem? ProblemOfName(string name, KindPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StorableText.IsValid(name, policy.MaximumNameLength) && !(policy.UniqueNames && name.Length == 0)
            ? null
            : TokenProblem.InvalidName;
    }

    public static void ThrowIfWireDataTooLong(string? wireData)
    {
        if (wireData is not null && Encoding.UTF8.GetByteCount(wireData) > ApiToken.MaximumWireDataBytes)
        {
            throw new ArgumentException($"The wire data is longer than {ApiToken.MaximumWireDataBytes} bytes of UTF-8.", nameof(wireData));
        }
    }
}
