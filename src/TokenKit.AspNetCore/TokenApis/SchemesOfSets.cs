using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Keeps the schemes of endpoint sets out of the host's choice of a default scheme.</summary>
/// <remarks>
/// ASP.NET Core takes a scheme for the default one when it is the only one. A set must neither end that, by being the second, nor become the
/// default of a host that has no scheme.
/// </remarks>
internal sealed class SchemesOfSets(IEnumerable<TokenApiRegistration> sets) : IPostConfigureOptions<AuthenticationOptions>
{
    private const string Switch = "Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme";

    // No scheme has this name, and a default scheme that is not there is none.
    private const string None = "TokenKit: none";

    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        if (options.DefaultScheme is not null || (AppContext.TryGetSwitch(Switch, out bool isSuppressed) && isSuppressed))
        {
            return;
        }

        HashSet<string> ofSets = [.. sets.Select(static set => set.Name)];
        string[] ofHost = [.. options.Schemes.Select(static scheme => scheme.Name).Where(scheme => !ofSets.Contains(scheme))];
        options.DefaultScheme = ofHost switch
        {
            [var only] => only,
            [] => None,
            _ => null,
        };
    }
}
