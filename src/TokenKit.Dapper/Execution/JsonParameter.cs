using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>Lists as one text parameter, so that a statement stays the same whatever the length. Every product can read JSON in SQL.</summary>
internal static class JsonParameter
{
    /// <summary><c>["0192…","0193…"]</c>: ids as 32 hexadecimal digits.</summary>
    public static string From(IEnumerable<Guid> ids) =>
        $"[{string.Join(',', ids.Select(id => $"\"{id:N}\""))}]";

    /// <summary>
    /// <c>[{"id":"0192…","at":1700000000000000},…]</c>: each id with the instant of its use in microseconds. Ordered by id, so that nodes
    /// that touch the same tokens lock them in the same order instead of waiting for each other.
    /// </summary>
    public static string From(IEnumerable<TokenUse> uses) =>
        $"[{string.Join(',', uses.OrderBy(use => use.Id).Select(use =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{use.Id:N}}","at":{{UnixMicroseconds.From(use.UsedAt)}}}""")))}]";
}
