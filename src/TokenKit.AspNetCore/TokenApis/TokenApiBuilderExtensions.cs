using TokenKit;
using TokenKit.AspNetCore.TokenApis.Amove;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.AspNetCore.TokenApis.Query;
using TokenKit.AspNetCore.TokenApis.VirtuousAI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the token APIs of published products to a host. Each product has its definition in a folder of its own.</summary>
public static class TokenApiBuilderExtensions
{
    /// <summary>
    /// Adds the realm of the tokens and the scheme that authenticates with them. Adding the same name again only configures it further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call, and who sees values; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapAmoveTokens(name)</c>.</returns>
    /// <remarks>
    /// <para>
    /// The API shows values again, so the realm keeps them encrypted: with ASP.NET Core Data Protection, unless the host has registered an
    /// <see cref="TokenKit.Recovery.ITokenProtector"/> before. See <see cref="TokenKitBuilderExtensions.UseDataProtection"/> for its keys.
    /// </para>
    /// <para>
    /// Its credentials are in the URL. The framework logs URLs before any code of TokenKit runs: set the category
    /// <c>Microsoft.AspNetCore.Hosting.Diagnostics</c> to Warning and <c>Microsoft.AspNetCore.Server.Kestrel.BadRequests</c> to Information, and
    /// see <c>docs/endpoint-sets/amove.md</c> for HTTP logging and proxies.
    /// </para>
    /// </remarks>
    public static TokenKitBuilder AddAmoveTokens(this TokenKitBuilder builder, string name, Action<AmoveTokensOptions>? configure = null) =>
        AmoveDefinition.Instance.AddTo(builder, name, configure);

    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call, and whether there is an API at all; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapQueryTokens(name)</c>.</returns>
    /// <remarks>
    /// The API shows values again, so the realm keeps them encrypted: with ASP.NET Core Data Protection, unless the host has registered an
    /// <see cref="TokenKit.Recovery.ITokenProtector"/> before. See <see cref="TokenKitBuilderExtensions.UseDataProtection"/> for its keys.
    /// </remarks>
    public static TokenKitBuilder AddQueryTokens(this TokenKitBuilder builder, string name, Action<QueryTokensOptions>? configure = null) =>
        QueryDefinition.Instance.AddTo(builder, name, configure);

    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapCanvusTokens(name)</c>.</returns>
    /// <remarks>
    /// Who may manage whose tokens is said by <see cref="TokenKit.AspNetCore.Authorization.ITokenCallerRights"/>, which users there are by
    /// <see cref="ICanvusUsers"/>. The tokens never expire, as the product documents it.
    /// </remarks>
    public static TokenKitBuilder AddCanvusTokens(this TokenKitBuilder builder, string name, Action<CanvusTokensOptions>? configure = null) =>
        CanvusDefinition.Instance.AddTo(builder, name, configure);

    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapVirtuousAITokens(name)</c>.</returns>
    public static TokenKitBuilder AddVirtuousAITokens(this TokenKitBuilder builder, string name, Action<VirtuousAITokensOptions>? configure = null) =>
        VirtuousAIDefinition.Instance.AddTo(builder, name, configure);
}
