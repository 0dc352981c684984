using Microsoft.Extensions.Options;
using TokenKit.Format;

namespace TokenKit.Policy;

/// <summary>Refuses a realm that could not issue, or whose limits contradict each other, before the host starts.</summary>
internal sealed class RealmOptionsValidator : IValidateOptions<RealmOptions>
{
    public ValidateOptionsResult Validate(string? name, RealmOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrEmpty(options.DefaultKind))
        {
            return ValidateOptionsResult.Fail($"Realm '{name}': DefaultKind is empty.");
        }

        if (!IsName(name))
        {
            failures.Add($"The realm's name '{name}' is not 1 to {ApiToken.MaximumNameOfRealmLength} lower-case letters, digits, underscores and hyphens.");
        }

        foreach ((string kind, KindOptions policy) in options.ResolveKinds())
        {
            if (!IsName(kind))
            {
                failures.Add($"Realm '{name}': the kind '{kind}' is not 1 to {ApiToken.MaximumNameOfRealmLength} lower-case letters, digits, underscores and hyphens.");
            }

            failures.AddRange(Failures(policy).Select(failure => $"Realm '{name}', kind '{kind}': {failure}"));
        }

        if (options.MaximumRevocationDelay < TimeSpan.Zero || options.MaximumRevocationDelay > RealmOptions.LongestRevocationDelay)
        {
            failures.Add($"Realm '{name}': MaximumRevocationDelay must be zero to {RealmOptions.LongestRevocationDelay.TotalHours} hour.");
        }

        failures.AddRange(options.FormerPrefixes.Where(prefix => !TokenPrefix.IsValid(prefix)).Select(prefix =>
            $"Realm '{name}': the former prefix '{prefix}' is not {TokenPrefix.Rule}."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(KindOptions policy)
    {
        if (!TokenPrefix.IsValid(policy.Prefix))
        {
            yield return $"Prefix '{policy.Prefix}' is not {TokenPrefix.Rule}.";
        }

        if (policy.DefaultLifetime <= TimeSpan.Zero || policy.MaximumLifetime <= TimeSpan.Zero)
        {
            yield return "DefaultLifetime and MaximumLifetime must be greater than zero, or null.";
        }

        if (policy.DefaultLifetime > policy.MaximumLifetime)
        {
            yield return "DefaultLifetime is longer than MaximumLifetime.";
        }

        if (policy.DefaultLifetime is null && !policy.MayNeverExpire)
        {
            yield return "DefaultLifetime is null, so tokens would never expire: set MayNeverExpire, or a DefaultLifetime.";
        }

        if (policy.MaximumLivingTokens < 1)
        {
            yield return "MaximumLivingTokens must be at least 1, or null.";
        }

        if (policy.MaximumNameLength is < 1 or > TokenPolicyOptions.LongestName)
        {
            yield return $"MaximumNameLength must be 1 to {TokenPolicyOptions.LongestName}.";
        }

        if (policy.IssuedScopes is null)
        {
            yield return "IssuedScopes is null: use ScopeSet.Empty for no access.";
        }
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= ApiToken.MaximumNameOfRealmLength } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');
}
