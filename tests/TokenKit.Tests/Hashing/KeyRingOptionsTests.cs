using System.Text.Json;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class KeyRingOptionsTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static IEnumerable<(string Failure, Action<KeyRingOptions> Configure)> WrongKeys() =>
    [
        ("CurrentKeyId is ''", _ => { }),
        ("CurrentKeyId is ''", options => options.AddKey("b", Key)),
        ("CurrentKeyId is 'a'", options => options.CurrentKeyId = "a"),
        ("the id 'a' is given to more than one key", options => Add(Add(options, "a", Key), "a", [.. Key, 0])),
        ("the id '' is not", options => Add(options, "", Key)),
        ("the id '2026-11-2' is not", options => Add(options, "2026-11-2", Key)),
        ("the id 'ä' is not", options => Add(options, "ä", Key)),
        ("the key 'a' has 31 bytes", options => Add(options, "a", Key[..31])),
        ("the key 'a' has 1025 bytes", options => Add(options, "a", [.. Enumerable.Range(0, 1025).Select(i => (byte)i)])),
        ("the key 'a' is one byte over and over", options => Add(options, "a", new byte[32])),
        ("the key 'b' has 0 bytes", options => Add(options, "a", Key).AddKey("b", "")),
        ("the key 'b' has 0 bytes", options => Add(options, "a", Key).AddKey("b", base64: null)),
        ("the key 'b' is not base64", options => Add(options, "a", Key).AddKey("b", "no base64!")),
    ];

    [TestMethod]
    [DynamicData(nameof(WrongKeys))]
    public async Task Start_WrongKeys_FailsAndSaysWhat(string failure, Action<KeyRingOptions> configure)
    {
        OptionsValidationException exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(
            () => TestNode.StartAsync(configure: builder => builder.UseKeyRing(configure)));
        Assert.Contains(failure, exception.Message);
        Assert.DoesNotContain(Convert.ToBase64String(Key), exception.ToString());
        Assert.DoesNotContain("no base64!", exception.ToString());
    }

    [TestMethod]
    public async Task Start_RightKeys_StartsAndSaysTheirIds()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.UseKeyRing(options =>
        {
            options.AddKey("2025_1-x", Key);
            Add(options, "2026", [.. Key, 7]);
            options.AddKey("b64", Convert.ToBase64String(Key));
        }));
        Assert.IsTrue(kit.Logs.Lines.Any(line => line.StartsWith("3 ", StringComparison.Ordinal) && line.Contains("2026", StringComparison.Ordinal) && line.Contains("2025_1-x, b64", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Options_Dumped_HoldNoKey()
    {
        KeyRingOptions options = Add(new KeyRingOptions(), "a", Key);

        string dump = $"{options} {JsonSerializer.Serialize(options)} {options.Keys[0]} {new RingKey("a", Key)} {new KeyRing(options)}";

        Assert.AreEqual("""{"CurrentKeyId":"a","HashWithKey":false,"KeyIds":["a"]}""", JsonSerializer.Serialize(options));
        Assert.DoesNotContain(Convert.ToBase64String(Key)[..8], dump);
    }

    [TestMethod]
    public void Key_ChangedByItsOwner_StaysInTheOptions()
    {
        byte[] key = [.. Key];
        KeyRingOptions options = Add(new KeyRingOptions(), "a", key);
        Array.Clear(key);
        CollectionAssert.AreEqual(Key, options.Keys[0].Bytes);
    }

    private static KeyRingOptions Add(KeyRingOptions options, string id, byte[] key)
    {
        options.AddKey(id, key);
        options.CurrentKeyId = id;
        return options;
    }
}
