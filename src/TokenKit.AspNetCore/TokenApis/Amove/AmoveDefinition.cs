namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>The API tokens of Amove.</summary>
internal static class AmoveDefinition
{
    public static readonly TokenApiDefinition<AmoveTokensOptions> Instance = new()
    {
        Product = "Amove",
        Routes = AmoveEndpoints.Routes,
        Dialect = new TokenApiDialect(AmoveDialect.Say, AmoveDialect.Rejected, AmoveDialect.Failures),
        AdditionalSchemes = static options => options.AdditionalSchemes,
        Callers = AmoveCallers.ForAsync,
        KeepsValues = true,
        Scheme = static scheme =>
        {
            scheme.Sources.Clear();
            scheme.Sources.Add(new ApiTokenSource.Query(AmoveTokensDefaults.TokenParameter));
        },
        Realm = static realm =>
        {
            realm.Prefix = AmoveTokensDefaults.Prefix;
            realm.MayNeverExpire = true;
            realm.MaximumLivingTokens = TokenApiDefaults.LivingTokens;
            realm.DefaultLifetime = null;
            realm.MaximumLifetime = null;
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
        },
    };
}
