using System.Globalization;
using Microsoft.Extensions.Options;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Verification;

namespace TokenKit.VerificationBenchmarks;

/// <summary>What the proofs and rows of 100 000 tokens take.</summary>
internal static class CacheMemory
{
    private const int Tokens = 100_000;

    public static void Run()
    {
        IOptions<VerificationOptions> options = Options.Create(new VerificationOptions { ProofCacheCapacity = 2 * Tokens, RowCacheCapacity = 2 * Tokens });
        var factory = new ProofKeyFactory();
        var proofs = new ProofCache(options);
        var rows = new RowCache(options, new RealmDirectory([], null!), TimeProvider.System);

        double mebibytesOfProofs = Growth(() =>
        {
            for (int i = 0; i < Tokens; i++)
            {
                StoredToken row = Row(i);
                proofs.Remember(factory.Create(row, TokenText.Write("acme", row.Id, new byte[TokenText.SecretBytes])));
            }
        });
        double mebibytesOfRows = Growth(() =>
        {
            for (int i = 0; i < Tokens; i++)
            {
                StoredToken row = Row(i);
                var reading = new RowSnapshot(row.Id, row, Moment.Now(TimeProvider.System), mark: 0);
                _ = reading.Valid;
                _ = reading.ProofPart;
                rows.Keep(reading);
            }
        });

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Tokens} tokens: proofs {mebibytesOfProofs:0} MiB, rows {mebibytesOfRows:0} MiB"));
        GC.KeepAlive(proofs);
        GC.KeepAlive(rows);
    }

    private static double Growth(Action fill)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        fill();
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * 1024.0);
    }

    // Texts of usual lengths, each row with its own, as a database driver hands them over.
    private static StoredToken Row(int number)
    {
        var id = Guid.CreateVersion7();
        return new()
        {
            Id = id,
            Realm = new string("api".AsSpan()),
            Kind = new string("pat".AsSpan()),
            Subject = number.ToString("D8", CultureInfo.InvariantCulture),
            Name = $"Deployment {number}",
            Scopes = new string("orders:read orders:write".AsSpan()),
            Secret = new StoredSecret
            {
                Hint = new string("acme_Ab12Cd".AsSpan()),
                Hash = $"$argon2id$v=19$m=19456,t=2,p=1${id:N}"[..53] + new string('A', 44),
                Tag = new byte[SecretTag.Length],
            },
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.MaxValue,
        };
    }
}
