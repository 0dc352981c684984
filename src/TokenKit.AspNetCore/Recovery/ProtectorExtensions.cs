using Microsoft.Extensions.DependencyInjection;
using TokenKit.Recovery;

namespace TokenKit.AspNetCore.Recovery;

/// <summary>Gives realms that keep recoverable copies something to encrypt them with.</summary>
internal static class ProtectorExtensions
{
    /// <summary>Encrypts with Data Protection, unless the host has said otherwise already.</summary>
    public static TokenKitBuilder UseSomeProtector(this TokenKitBuilder builder) =>
        builder.Services.Any(static service => service.ServiceType == typeof(ITokenProtector)) ? builder : builder.UseDataProtection();
}
