namespace TokenKit;

/// <summary>What is done with a request that carries a credential in more than one place.</summary>
public enum WhenSeveral
{
    /// <summary>It is malformed: 400 with <c>invalid_request</c> (RFC 6750 §3.1), and none of them is verified.</summary>
    Refuse,

    /// <summary>The first source that has one decides. When that credential is bad, the next one is not tried.</summary>
    FirstWins,
}
