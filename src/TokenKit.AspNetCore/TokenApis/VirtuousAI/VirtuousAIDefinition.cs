namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>The token API of VirtuousAI.</summary>
internal static class VirtuousAIDefinition
{
    public static readonly TokenApiDefinition<VirtuousAITokensOptions> Instance = new()
    {
        Product = "VirtuousAI",
        Routes = VirtuousAIEndpoints.Routes,
        Dialect = new TokenApiDialect(VirtuousAIDialect.Say, VirtuousAIDialect.Rejected, VirtuousAIDialect.Failures),
        AdditionalSchemes = static options => options.AdditionalSchemes,
        Scheme = static scheme =>
        {
            scheme.Sources.Add(new ApiTokenSource.Header(VirtuousAITokensDefaults.HeaderName));
            scheme.Sources.Add(new ApiTokenSource.Cookie(VirtuousAITokensDefaults.CookieName));
            scheme.WhenSeveral = WhenSeveral.FirstWins;
        },
        Realm = static realm =>
        {
            realm.Prefix = VirtuousAITokensDefaults.Prefix;
            realm.DefaultKind = VirtuousAITokensDefaults.PatKind;
            realm.AddKind(VirtuousAITokensDefaults.SessionKind).AddKind(VirtuousAITokensDefaults.DeviceKind);
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
            realm.MaximumNameLength = MostNameCharacters;
            realm.MaximumLifetime = TimeSpan.FromDays(365);
            realm.MaximumLivingTokens = TokenApiDefaults.LivingTokens;
        },
    };

    private const int MostNameCharacters = 255;
}
