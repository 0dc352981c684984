using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>Rows with nothing but what each row has.</summary>
internal static class PlainRow
{
    public static StoredToken Create(string scopes = "") => new()
    {
        Id = Guid.CreateVersion7(),
        Realm = "api",
        Kind = "pat",
        Subject = "1000",
        Name = "CI",
        Scopes = scopes,
        Secret = new StoredSecret { Hint = "acme", Hash = "hash" },
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };
}
