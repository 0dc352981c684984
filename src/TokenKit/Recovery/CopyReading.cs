using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Recovery;

/// <summary>Reads copies back for one request. However many they are, it is one event, which is told when the reading ends.</summary>
internal sealed class CopyReading(Realm realm, ITokenProtector? protector, Metrics metrics, ILogger logger) : IDisposable
{
    private int _read;
    private int _unreadable;
    private Guid _firstUnreadable;

    /// <summary>
    /// The plaintext of a row; null when the row has no copy, or the copy cannot be read or is that of another token. A realm that keeps no
    /// copies reads none, though rows may still have those of a time when it did.
    /// </summary>
    public TokenPlaintext? Read(StoredToken row)
    {
        if (row.Secret.RecoverableCopy is null || !realm.KeepsRecoverableCopies)
        {
            return null;
        }

        if (protector is not null && protector.TryUnprotect(row.Secret.RecoverableCopy, out byte[]? ascii))
        {
            string text = Encoding.ASCII.GetString(ascii);
            CryptographicOperations.ZeroMemory(ascii);

            // Ciphertext that was copied from another row must not show that row's plaintext.
            if (TokenText.TryParse(text, out _, out Guid id) && id == row.Id)
            {
                _read++;
                return new TokenPlaintext(text);
            }
        }

        metrics.CopyUnreadable(realm.Name);
        _firstUnreadable = _unreadable++ == 0 ? row.Id : _firstUnreadable;
        return null;
    }

    public void Dispose()
    {
        if (_read > 0)
        {
            Log.PlaintextsRead(logger, _read, realm.Name);
        }

        if (_unreadable > 0)
        {
            Log.CopiesUnreadable(logger, _unreadable, realm.Name, _firstUnreadable);
        }
    }
}
