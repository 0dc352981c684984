namespace TokenKit;

/// <summary>Why a change was not made. Nothing was changed.</summary>
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

    /// <summary>The acting token does not hold what <see cref="TokenActor.Required"/> asks for, or belongs to another realm.</summary>
    MayNotManage,

    /// <summary>The scopes go beyond those of the acting token.</summary>
    ScopesExceedIssuer,

    /// <summary>The acting token is gone, revoked, suspended or expired.</summary>
    ActorEnded,
}
