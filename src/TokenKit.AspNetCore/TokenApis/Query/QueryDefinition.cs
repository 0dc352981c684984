namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>The token API of Query.</summary>
internal static class QueryDefinition
{
    public static readonly TokenApiDefinition<QueryTokensOptions> Instance = new()
    {
        Product = "Query",
        Routes = QueryEndpoints.Routes,
        Dialect = new TokenApiDialect(QueryDialect.Say, QueryDialect.Rejected, QueryDialect.Failures),
        IsEnabled = static options => options.Enabled,
        AdditionalSchemes = static options => options.AdditionalSchemes,
        Rights = MayManageAsync,
        KeepsValues = true,
        Realm = static realm =>
        {
            realm.Prefix = QueryTokensDefaults.Prefix;
            realm.DefaultKind = QueryTokensDefaults.ServerKind;
            realm.UniqueNames = true;
            realm.MayNeverExpire = true;
            realm.DefaultLifetime = null;
            realm.MaximumLifetime = null;
            realm.IssuedScopes = ScopeSet.Create(QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope);
            realm.AddKind(QueryTokensDefaults.AdminKind, static kind =>
            {
                kind.UniqueNames = false;

                // What a token makes has at most its own scopes.
                kind.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope, QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope);
            });
        },
    };

    // Administrators: a token of that kind, or a caller of another scheme for whom the host agrees.
    private static ValueTask<bool> MayManageAsync(TokenApiCall call) => call.Caller.Token is { } token
        ? new(string.Equals(token.Kind, QueryTokensDefaults.AdminKind, StringComparison.Ordinal) && call.Rights.MayManage)
        : call.Rights.MayManageAsync(subject: null);
}
