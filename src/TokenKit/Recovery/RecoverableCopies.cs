using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Stores;

namespace TokenKit.Recovery;

/// <summary>Encrypts plaintexts for the rows of realms that keep them, and reads them back.</summary>
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

    /// <summary>The plaintext of a row that has a copy; null when it cannot be read, or is that of another token.</summary>
    public TokenPlaintext? Read(StoredToken row)
    {
        if (_protector is not null && _protector.TryUnprotect(row.RecoverableCopy, out byte[]? ascii))
        {
            string text = Encoding.ASCII.GetString(ascii);
            CryptographicOperations.ZeroMemory(ascii);

            // Ciphertext that was copied from another row must not show that row's plaintext.
            if (TokenText.TryParse(text, out _, out Guid id) && id == row.Id)
            {
                return new TokenPlaintext(text);
            }
        }

        metrics.CopyUnreadable(row.Realm);
        Log.CopyUnreadable(logger, row.Id, row.Realm);
        return null;
    }
}
