namespace TokenKit;

/// <summary>Why a token was not issued or updated. Nothing was changed.</summary>
public enum RejectionReason
{
    /// <summary>The name is too long, empty where names are unique, or holds NUL or half a surrogate pair.</summary>
    InvalidName,

    /// <summary>Another token of the subject that is not revoked has the name, and names are unique.</summary>
    NameTaken,

    /// <summary>The subject has as many living tokens of the kind as it may have.</summary>
    CapReached,

    /// <summary>Tokens of the kind must expire.</summary>
    MustExpire,

    /// <summary>The expiry is not in the future.</summary>
    ExpiryNotInFuture,

    /// <summary>The expiry is later than the maximum lifetime allows.</summary>
    LifetimeTooLong,

    /// <summary>The acting token lacks the scope <see cref="ApiTokens.ManageScope"/>.</summary>
    MayNotManage,

    /// <summary>The scopes go beyond those of the acting token.</summary>
    ScopesExceedIssuer,
}
