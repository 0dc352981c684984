using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Policy;

namespace TokenKit.Recovery;

/// <summary>Encrypts plaintexts for the rows of realms that keep them. <see cref="CopyReading"/> decrypts them.</summary>
internal sealed class RecoverableCopies(IEnumerable<ITokenProtector> protectors, Metrics metrics, ILogger<ApiTokens> logger)
{
    private readonly ITokenProtector? _protector = protectors.LastOrDefault();

    /// <summary>Whether there is a protector; the host does not start without one when a realm keeps copies.</summary>
    public bool CanMake => _protector is not null;

    public byte[] Make(string text)
    {
        byte[] ascii = Encoding.ASCII.GetBytes(text);
        try
        {
            return _protector!.Protect(ascii);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
        }
    }

    public CopyReading BeginReading(Realm realm) => new(realm, _protector, metrics, logger);
}
