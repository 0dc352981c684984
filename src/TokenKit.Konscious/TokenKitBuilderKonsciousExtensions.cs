using TokenKit;
using TokenKit.Konscious;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Hashes with the package Konscious.Security.Cryptography.Argon2.</summary>
public static class TokenKitBuilderKonsciousExtensions
{
    /// <summary>
    /// Computes hashes with Konscious.Security.Cryptography.Argon2 instead of TokenKit's own Argon2id. Parameters, limits, keys and the stored
    /// text stay those of TokenKit, so a host can change its mind in both directions. The last hasher that was registered is used.
    /// </summary>
    /// <remarks>
    /// The package takes the whole memory of each hash from the managed heap – 19 MiB with the default parameters – and leaves it there
    /// unwiped. The copies of plaintext, key and hash that are made to call it are wiped. A hash that has begun cannot be cancelled, and
    /// each needs threads of the thread pool besides the one that waits for it. <c>docs/hashing.md</c> has figures.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder is null.</exception>
    public static TokenKitBuilder UseKonsciousArgon2(this TokenKitBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseArgon2("Konscious.Security.Cryptography.Argon2", KonsciousArgon2id.DeriveKey);
    }
}
