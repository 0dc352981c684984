using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>Rows and changes to try a store with.</summary>
internal static class Tokens
{
    public static DateTimeOffset Now { get; } = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_457);

    /// <summary>It stands at <see cref="Now"/>.</summary>
    public static TimeProvider Clock { get; } = new FakeTimeProvider(Now);

    public static StoredToken Row(string subject = "1000", string? uniqueName = null) => new()
    {
        Id = Guid.CreateVersion7(Now),
        Realm = "api",
        Kind = "pat",
        Subject = subject,
        Name = uniqueName ?? "deploy",
        NameKey = uniqueName is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{uniqueName}")),
        Scopes = "read write",
        Secret = new StoredSecret
        {
            Hint = "acme_8fKq2",
            Hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
            Tag = [1, 2, 3, 4, 5, 6, 7, 8],
        },
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static TokenChange.Issue Issue(StoredToken row, int? limit = null) => new(Clock, row, TokenActor.Host) { LivingTokenLimit = limit };

    public static TokenChange.Revoke Revoke(Guid id) => new(Clock, id, "api", SubjectFilter.Any, TokenActor.Host);

    public static TokenBatch.Purge Purge(DateTimeOffset endedBefore, int limit = TokenBatch.MaximumSize) => new(Clock, endedBefore, limit);

    public static async Task<StoredToken> AddAsync(this ITokenStore store, StoredToken row)
    {
        CommitResult result = await store.CommitAsync(Issue(row), CancellationToken.None);
        Assert.AreEqual(CommitOutcome.Done, result.Outcome);
        return result.Token!;
    }
}
