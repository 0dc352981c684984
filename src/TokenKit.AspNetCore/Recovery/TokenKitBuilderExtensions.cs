using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.AspNetCore.Recovery;
using TokenKit.Recovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to TokenKit what ASP.NET Core offers.</summary>
public static class TokenKitBuilderExtensions
{
    /// <summary>Encrypts the recoverable copies of plaintexts with ASP.NET Core Data Protection.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The keys must outlive the process and be shared by all nodes: keep them with <c>AddDataProtection().PersistKeysTo…</c>, apart from
    /// the token database. The host does not start when a realm keeps copies and the keys are held in memory only, be it by choice or because
    /// Data Protection finds no directory that it can write to. Whether a directory outlives a container cannot be found out. A copy whose
    /// key is lost cannot be shown any more; the token keeps working.
    /// </remarks>
    public static TokenKitBuilder UseDataProtection(this TokenKitBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenProtector, DataProtectionTokenProtector>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RealmOptions>, DataProtectionKeysValidator>());
        return builder;
    }
}
