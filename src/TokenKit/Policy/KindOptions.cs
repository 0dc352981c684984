namespace TokenKit;

/// <summary>The limits of one kind of token. Everything that is not stated is as the realm states it.</summary>
public sealed class KindOptions : TokenPolicyOptions
{
    internal KindOptions(TokenPolicyOptions realm) => CopyPolicyFrom(realm);
}
