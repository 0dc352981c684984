namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>The users of a host that says nothing.</summary>
internal sealed class EveryUserExists : ICanvusUsers
{
    public ValueTask<bool> ExistsAsync(string realm, long userId, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
