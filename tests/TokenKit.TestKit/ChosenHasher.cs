using Microsoft.Extensions.DependencyInjection;
using TokenKit.Hashing;

namespace TokenKit.TestKit;

/// <summary>
/// The Argon2id that the environment variable TOKENKIT_TEST_HASHER names, <c>tokenkit</c> or <c>konscious</c>, with the smallest parameters.
/// Unset, the tests hash with something that costs nothing.
/// </summary>
public static class ChosenHasher
{
    private const string Variable = "TOKENKIT_TEST_HASHER";

    /// <summary>What new hashes are made with; null where none is named.</summary>
    public static ISecretHasher? Current { get; } = Create(new Argon2Parameters(8, 1, 1));

    /// <summary>One to which hashes of <see cref="Current"/> are outdated.</summary>
    public static ISecretHasher? Stronger { get; } = Create(new Argon2Parameters(16, 1, 1));

    private static ISecretHasher? Create(Argon2Parameters parameters)
    {
        TokenKitBuilder tokenKit = new ServiceCollection().AddLogging().AddTokenKit().ConfigureHashing(hashing => hashing.Parameters = parameters);
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case null or "":
                return null;
            case "tokenkit":
                break;
            case "konscious":
                tokenKit.UseKonsciousArgon2();
                break;
            case var other:
                throw new InvalidOperationException($"{Variable} is 'tokenkit', 'konscious' or unset, not '{other}'.");
        }

        return tokenKit.Services.BuildServiceProvider().GetRequiredService<ISecretHasher>();
    }
}
