namespace TokenKit.AspNetCore.TokenApis;

/// <summary>What every operation of every set can come to, besides its own success and its own words for wrong input.</summary>
internal enum TokenApiOutcome
{
    /// <summary>There is no such path below the set.</summary>
    UnknownPath,

    /// <summary>The path has no such method.</summary>
    WrongMethod,

    /// <summary>The caller presented no credential.</summary>
    CredentialMissing,

    /// <summary>The caller presented a credential that does not authenticate.</summary>
    CredentialRefused,

    /// <summary>The caller may not do this, or acts as nobody.</summary>
    RightsMissing,

    /// <summary>The credential may have been attached by a browser on behalf of another site.</summary>
    CrossSiteWrite,

    /// <summary>The body is longer than <see cref="RequestBody.MaximumLength"/>.</summary>
    BodyTooLarge,

    /// <summary>The body broke off, or came in pieces that are no body.</summary>
    BodyUnreadable,

    /// <summary>There is no such token, or it belongs to somebody else.</summary>
    UnknownToken,

    /// <summary>The caller has as many streams open as it may have. Only a set with streams has words for it.</summary>
    StreamsAtLimit,

    /// <summary>The store cannot be reached, or too much waits to be hashed.</summary>
    Unavailable,

    /// <summary>Something went wrong that nobody expected.</summary>
    Failed,
}
