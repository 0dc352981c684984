using System.Buffers.Binary;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>
/// The tokens of a database that has been in use for long: 100 000 subjects, a tenth of all tokens with one of them; besides, a subject whose
/// tokens are all to be revoked, and tokens that expired long ago. The same each time, but for ids that are not ordered.
/// </summary>
internal sealed class Population(int rows, bool idsAreOrdered)
{
    public const string Realm = "api";
    public const string Large = "large";
    public const string Crowd = "crowd";

    private const int Subjects = 100_000;
    private const int MicrosecondsApart = 1_000_000;

    private readonly Random _random = new(1);
    private readonly List<Guid> _ids = [];

    public static DateTimeOffset Start { get; } = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int CrowdSize => Math.Min(100_000, rows);

    /// <summary>How many expired tokens are purged with pauses; a fifth as many are left to be purged without.</summary>
    public int PurgedWithPauses => Math.Min(1_000_000, rows);

    public int ExpiredCount => PurgedWithPauses * 6 / 5;

    public int LargeSize => rows / 10;

    public int Total => rows + CrowdSize + ExpiredCount;

    /// <summary>Ids that stay to the end, from all over the time.</summary>
    public IReadOnlyList<Guid> Ids => _ids;

    // Some ten thousand ids, or all where there are fewer.
    private int IdsApart => Math.Max(1, Total / 20_000);

    public DateTimeOffset End => Start.AddMicroseconds((long)Total * MicrosecondsApart);

    public IEnumerable<StoredToken> Rows()
    {
        for (int number = 0; number < Total; number++)
        {
            // Spread over the whole time, as life does it.
            int kind = (int)((long)number * 7919 % Total);
            StoredToken row = Row(number);
            row = kind < CrowdSize ? row with { Subject = Crowd }
                : kind < CrowdSize + ExpiredCount ? row with { ExpiresAt = row.CreatedAt.AddMinutes(1) }
                : kind < CrowdSize + ExpiredCount + LargeSize ? row with { Subject = Large }
                : kind % 10 == 0 ? row with { RevokedAt = End }
                : row;
            if (number % IdsApart == 0 && row is { ExpiresAt: null, RevokedAt: null } && row.Subject != Crowd)
            {
                _ids.Add(row.Id);
            }

            yield return row;
        }
    }

    public StoredToken Row(int number)
    {
        DateTimeOffset createdAt = Start.AddMicroseconds((long)number * MicrosecondsApart);
        return new StoredToken
        {
            Id = NextId(createdAt),
            Realm = Realm,
            Kind = "pat",
            Subject = $"user {_random.Next(Subjects)}",
            Name = $"deploy {number}",
            Scopes = "read write",
            Secret = new StoredSecret
            {
                Hint = "acme_8fKq2",
                Hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
                Tag = BitConverter.GetBytes(_random.NextInt64()),
            },
            CreatedAt = createdAt,
            UpdatedAt = createdAt,
        };
    }

    // As TokenKit draws them: 48 bits of time before what is random.
    private Guid NextId(DateTimeOffset createdAt)
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        if (idsAreOrdered)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, (createdAt.ToUnixTimeMilliseconds() << 16) | (BinaryPrimitives.ReadInt64BigEndian(bytes) & 0xFFFF));
        }

        return new Guid(bytes, bigEndian: true);
    }
}
