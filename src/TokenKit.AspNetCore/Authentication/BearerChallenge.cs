namespace TokenKit.AspNetCore.Authentication;

/// <summary>Writes the values of WWW-Authenticate (RFC 6750 §3). No text needs escaping: realms, scopes and descriptions have no quotation mark or backslash.</summary>
internal static class BearerChallenge
{
    /// <summary>For a request that carries no credential: no error code, nothing to learn from (§3.1).</summary>
    public static string Bare(string realm) => $"Bearer realm=\"{realm}\"";

    public static string InvalidRequest(string realm) =>
        WithError(realm, "invalid_request", "The request carries a malformed credential or more than one.");

    /// <summary>One text for every refusal, so that it does not tell what a token is refused for.</summary>
    public static string InvalidToken(string realm) => WithError(realm, "invalid_token", "The token is not valid.");

    public static string InsufficientScope(string realm, string scopes)
    {
        string challenge = WithError(realm, "insufficient_scope", "The token does not allow this request.");
        return scopes.Length == 0 ? challenge : $"{challenge}, scope=\"{scopes}\"";
    }

    private static string WithError(string realm, string error, string description) =>
        $"{Bare(realm)}, error=\"{error}\", error_description=\"{description}\"";
}
