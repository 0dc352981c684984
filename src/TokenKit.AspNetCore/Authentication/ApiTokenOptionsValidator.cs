using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>Refuses a scheme that could authenticate nobody, before the host starts.</summary>
internal sealed class ApiTokenOptionsValidator(ApiTokens tokens) : IValidateOptions<ApiTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiTokenOptions options)
    {
        List<string> failures = [.. Failures(options).Select(failure => $"AddApiToken, scheme '{name}': {failure}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(ApiTokenOptions options)
    {
        if (!tokens.HasRealm(options.Realm))
        {
            yield return $"there is no realm '{options.Realm}'. Add it with AddTokenKit().AddRealm(\"{options.Realm}\", …).";
        }

        if (options.Sources.Count == 0)
        {
            yield return "Sources is empty, so that no request could carry a credential.";
        }

        foreach (ApiTokenSource source in options.Sources)
        {
            string? name = source switch
            {
                ApiTokenSource.Header header => header.Name,
                ApiTokenSource.Cookie cookie => cookie.Name,
                ApiTokenSource.Query query => query.Name,
                _ => null,
            };
            if (source is not ApiTokenSource.AuthorizationBearer && string.IsNullOrWhiteSpace(name))
            {
                yield return "a source has no name.";
            }

            if (source is ApiTokenSource.Header && string.Equals(name, "Authorization", StringComparison.OrdinalIgnoreCase))
            {
                yield return "the Authorization header is read by the source AuthorizationBearer, not by a Header.";
            }
        }
    }
}
