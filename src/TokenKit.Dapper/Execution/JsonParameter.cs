using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>Lists as one text parameter, so that a statement stays the same whatever the length. Every product can read JSON in SQL.</summary>
internal static class JsonParameter
{
    /// <summary><c>["0192…","0193…"]</c>: ids as 32 hexadecimal digits.</summary>
    public static string Of(IEnumerable<Guid> ids) =>
        $"[{string.Join(',', ids.Select(id => $"\"{id:N}\""))}]";

    /// <summary><c>[["0192…",1700000000000000],…]</c>: each id with the instant of its use in microseconds.</summary>
    public static string Of(IEnumerable<TokenUse> uses) =>
        $"[{string.Join(',', uses.Select(use => string.Create(CultureInfo.InvariantCulture, $"[\"{use.Id:N}\",{UnixMicroseconds.From(use.UsedAt)}]")))}]";
}
