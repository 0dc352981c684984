using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Hashing;

namespace TokenKit.Konscious.Tests;

/// <summary>Hashers as hosts get them.</summary>
internal static class Hashers
{
    /// <summary>A host's services. The keys are those of the ids; the first goes into new hashes.</summary>
    public static ServiceProvider Build(bool konscious, Argon2Parameters parameters, params string[] keyIds)
    {
        IServiceCollection services = new ServiceCollection().AddLogging();
        TokenKitBuilder tokenKit = services.AddTokenKit().ConfigureHashing(hashing => hashing.Parameters = parameters);
        if (konscious)
        {
            tokenKit.UseKonsciousArgon2();
        }

        if (keyIds.Length > 0)
        {
            tokenKit.UseKeyRing(ring =>
            {
                Array.ForEach(keyIds, id => ring.AddKey(id, KeyOf(id)));
                ring.CurrentKeyId = keyIds[0];
                ring.HashWithKey = true;
            });
        }

        return services.BuildServiceProvider();
    }

    public static ISecretHasher HasherOf(IServiceProvider services) => services.GetRequiredService<ISecretHasher>();

    /// <summary>The secret input of Argon2 that docs/hashing.md says comes from a key.</summary>
    public static byte[] HashSecretOf(string keyId) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, KeyOf(keyId), 32, salt: null, Encoding.ASCII.GetBytes("TokenKit Argon2 secret 1"));

    private static byte[] KeyOf(string id) => SHA256.HashData(Encoding.ASCII.GetBytes(id));
}
