namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>One operation of one set, as <see cref="EverySetHost"/> has it.</summary>
/// <param name="Set">The name of the set, which is that of its realm.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path; <c>{target}</c> stands for the id of the target.</param>
/// <param name="Done">The status of its success.</param>
/// <param name="Body">A body that it accepts; null where it reads none.</param>
internal sealed record SetOperation(string Set, string Method, string Path, int Done, string? Body = null)
{
    /// <summary>The user whose tokens it is about.</summary>
    public const string User = "1001";

    public static IReadOnlyList<SetOperation> All { get; } =
    [
        new("amove", "GET", "/apitoken/get_all", 200),
        new("amove", "POST", "/apitoken/insert", 200, """{"title":"made"}"""),
        new("amove", "DELETE", "/apitoken/delete?id={target}", 200),
        new("query", "GET", "/_/token", 200),
        new("query", "GET", "/_/token/value?name=target", 200),
        new("query", "POST", "/_/token", 201, """{"name":"made"}"""),
        new("query", "PUT", "/_/token", 200, """{"name":"target","active":true,"write":true,"expiration_date":9999999999999}"""),
        new("query", "DELETE", "/_/token", 200, """{"name":"target"}"""),
        new("canvus", "GET", $"/api/v1/users/{User}/access-tokens", 200),
        new("canvus", "POST", $"/api/v1/users/{User}/access-tokens", 200, """{"description":"made"}"""),
        new("canvus", "PATCH", $"/api/v1/users/{User}/access-tokens/{{target}}", 200, """{"description":"changed"}"""),
        new("canvus", "DELETE", $"/api/v1/users/{User}/access-tokens/{{target}}", 200),
        new("vai", "GET", "/api/v1/access-tokens", 200),
        new("vai", "POST", "/api/v1/access-tokens", 201, """{"name":"made"}"""),
        new("vai", "DELETE", "/api/v1/access-tokens", 200),
        new("vai", "DELETE", "/api/v1/access-tokens/{target}", 204),
    ];

    /// <summary>The operation that makes a token in each set.</summary>
    public static IEnumerable<SetOperation> Creations => All.Where(static operation => operation is { Method: "POST" });

    /// <summary>The set's answer where a credential is good but the rights are missing. Query has no 403.</summary>
    public int RightsMissing => Set switch
    {
        "amove" => 499,
        "query" => 401,
        _ => 403,
    };

    /// <summary>The kind of tokens that call the set; null for its default one.</summary>
    public string? CallerKind => Set == "query" ? QueryTokensDefaults.AdminKind : null;

    public static SetOperation Of(string name) => All.Single(operation => operation.ToString() == name);

    public override string ToString() => $"{Set} {Method} {Path}";
}
