using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.Recovery;

/// <summary>Refuses a realm that keeps recoverable copies under keys that are gone when the process ends, before the host starts.</summary>
/// <remarks>
/// Two things are found out: that the host chose keys in memory, and that it chose nothing while Data Protection finds no place of its own
/// (no home or profile directory that can be written, no registry) and falls back to memory. Keys in the file system of a container that is
/// thrown away look like any others; Data Protection itself warns about those.
/// </remarks>
internal sealed class DataProtectionKeysValidator(
    IDataProtectionProvider provider,
    IKeyManager keyManager,
    IOptions<KeyManagementOptions> keyManagement)
    : IValidateOptions<RealmOptions>
{
    public ValidateOptionsResult Validate(string? name, RealmOptions options) =>
        options.KeepRecoverableCopies && IsEphemeral()
            ? ValidateOptionsResult.Fail(
                $"Realm '{name}' keeps recoverable copies, but the keys of Data Protection are gone when the process ends. Keep them: AddDataProtection().PersistKeysTo…(…).")
            : ValidateOptionsResult.Success;

    private bool IsEphemeral() =>
        provider is EphemeralDataProtectionProvider
        || (keyManager is XmlKeyManager && IsEphemeral(keyManagement.Value.XmlRepository, HasDefaultPlace()));

    /// <summary>Whether keys are lost with the process.</summary>
    /// <param name="chosen">Where the host keeps keys; null when it does not say.</param>
    /// <param name="hasDefaultPlace">Whether Data Protection finds a place by itself.</param>
    internal static bool IsEphemeral(IXmlRepository? chosen, bool hasDefaultPlace) => chosen is null && !hasDefaultPlace;

    // What XmlKeyManager falls back to, in its order: the home directory on Azure, the profile of the user, the registry.
    private static bool HasDefaultPlace() =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WEBSITE_INSTANCE_ID"))
        || FileSystemXmlRepository.DefaultKeyStorageDirectory is not null
        || (OperatingSystem.IsWindows() && RegistryXmlRepository.DefaultRegistryKey is not null);
}
