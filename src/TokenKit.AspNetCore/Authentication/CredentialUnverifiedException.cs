using Microsoft.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>A scheme of TokenKit could not verify a credential. Nothing is known about it, so that it is not refused.</summary>
internal sealed class CredentialUnverifiedException() : AuthenticationFailureException("The credential cannot be verified at the moment.");
