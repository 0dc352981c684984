using System.Security.Cryptography;
using System.Text;

namespace TokenKit.TestKit;

/// <summary>Keys for rings: the same id gives the same key on every node.</summary>
public static class KeyRings
{
    /// <summary>Gives a node some keys; the first is the current one.</summary>
    public static Action<TokenKitBuilder> With(params string[] ids) => builder => builder.UseKeyRing(options =>
    {
        foreach (string id in ids)
        {
            options.AddKey(id, KeyOf(id));
        }

        options.CurrentKeyId = ids[0];
    });

    public static byte[] KeyOf(string id) => SHA256.HashData(Encoding.ASCII.GetBytes(id));
}
