using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>Rows for changes one by one.</summary>
internal static class Rows
{
    public static StoredToken New(string subject, string scopes) => new()
    {
        Id = Guid.CreateVersion7(),
        Realm = Population.Realm,
        Kind = "pat",
        Subject = subject,
        Name = "CI",
        Scopes = scopes,
        Secret = new StoredSecret { Hint = "acme_8fKq2", Hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g" },
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };
}
