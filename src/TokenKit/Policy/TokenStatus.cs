namespace TokenKit;

/// <summary>Whether a token can be used. Where several hold, the one that ends it most finally is said.</summary>
public enum TokenStatus
{
    /// <summary>It can be used.</summary>
    Active,

    /// <summary>It was suspended and may be resumed.</summary>
    Suspended,

    /// <summary>Its expiry has come: it is valid strictly before that instant.</summary>
    Expired,

    /// <summary>It was revoked, for ever.</summary>
    Revoked,
}
