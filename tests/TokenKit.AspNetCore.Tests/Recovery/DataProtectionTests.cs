using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Recovery;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Recovery;

namespace TokenKit.AspNetCore.Tests.Recovery;

/// <summary>Recoverable copies under the keys of Data Protection.</summary>
[TestClass]
public sealed class DataProtectionTests
{
    [TestMethod]
    public async Task Copy_OfATokenIssuedBefore_IsReadByAnotherHostWithTheSameKeys()
    {
        DirectoryInfo keys = Directory.CreateTempSubdirectory("tokenkit-keys-");
        try
        {
            byte[] ciphertext;
            await using (TestHost host = await StartAsync(keys))
            {
                IssuedToken token = await host.IssueAsync();
                TokenPlaintext? recovered = await host.Tokens.RecoverAsync("api", token.Record.Id, SubjectFilter.Any);
                Assert.AreEqual(token.Plaintext, recovered?.Reveal());
                ciphertext = host.Services.GetRequiredService<ITokenProtector>().Protect("acme_1"u8);
            }

            await using TestHost later = await StartAsync(keys);
            Assert.IsTrue(later.Services.GetRequiredService<ITokenProtector>().TryUnprotect(ciphertext, out byte[]? plaintext));
            CollectionAssert.AreEqual("acme_1"u8.ToArray(), plaintext);
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Protector_WithDamagedForeignOrEmptyCiphertext_SaysNo()
    {
        var provider = new EphemeralDataProtectionProvider();
        var protector = new DataProtectionTokenProtector(provider);
        byte[] ciphertext = protector.Protect("acme_1"u8);
        byte[] damaged = [.. ciphertext];
        damaged[^1] ^= 1;
        Assert.IsTrue(protector.TryUnprotect(ciphertext, out _));
        Assert.IsFalse(protector.TryUnprotect(damaged, out _));
        Assert.IsFalse(protector.TryUnprotect([], out _));
        Assert.IsFalse(protector.TryUnprotect(new EphemeralDataProtectionProvider().CreateProtector("x").Protect("acme_1"u8.ToArray()), out _));
        Assert.IsFalse(protector.TryUnprotect(provider.CreateProtector("TokenKit.Other").Protect("acme_1"u8.ToArray()), out _));
        Assert.IsLessThanOrEqualTo(4096, protector.Protect(new byte[256]).Length);
    }

    [TestMethod]
    public async Task Host_WithKeysInMemoryAndARealmThatKeepsCopies_DoesNotStart()
    {
        OptionsValidationException exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(async () =>
        {
            await using TestHost host = await StartAsync(keys: null);
        });
        Assert.Contains("Realm 'api' keeps recoverable copies, but the keys of Data Protection are gone when the process ends", exception.Message);
    }

    [TestMethod]
    public async Task Host_WithKeysInMemoryAndNoCopies_Starts()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddTokenKit().UseDataProtection().UseDataProtection();
                services.AddDataProtection().UseEphemeralDataProtectionProvider();
            },
            _ => { });
        Assert.HasCount(1, host.Services.GetServices<ITokenProtector>());
    }

    [TestMethod]
    public void KeyRing_WithoutAChosenOrDefaultPlace_IsEphemeral()
    {
        var chosen = new FileSystemXmlRepository(new DirectoryInfo(Path.GetTempPath()), NullLoggerFactory.Instance);
        Assert.IsTrue(DataProtectionKeysValidator.IsEphemeral(chosen: null, hasDefaultPlace: false));
        Assert.IsFalse(DataProtectionKeysValidator.IsEphemeral(chosen: null, hasDefaultPlace: true));
        Assert.IsFalse(DataProtectionKeysValidator.IsEphemeral(chosen, hasDefaultPlace: false));
    }

    private static Task<TestHost> StartAsync(DirectoryInfo? keys) => TestHost.StartAsync(
        services =>
        {
            services.AddTokenKit().UseDataProtection().AddRealm("api", realm => realm.KeepRecoverableCopies = true);
            IDataProtectionBuilder protection = services.AddDataProtection().SetApplicationName("test");
            _ = keys is null ? protection.UseEphemeralDataProtectionProvider() : protection.PersistKeysToFileSystem(keys);
        },
        _ => { });
}
