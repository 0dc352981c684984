namespace TokenKit.AspNetCore.Authentication;

/// <summary>
/// Marks an endpoint that authenticates its callers itself and answers in its own words, even when a credential cannot be verified.
/// Authentication lets such requests pass.
/// </summary>
internal sealed class AuthenticatesItself
{
    public static readonly AuthenticatesItself Instance = new();

    private AuthenticatesItself()
    {
    }
}
