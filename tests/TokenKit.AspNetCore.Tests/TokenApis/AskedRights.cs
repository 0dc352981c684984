using System.Collections.Concurrent;
using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>Rights that a test can change, and that note what they are asked: user 1000 manages everybody's tokens, everybody else their own.</summary>
internal sealed class AskedRights
{
    /// <summary>About whose tokens they were asked; null for those that belong to nobody.</summary>
    public ConcurrentQueue<string?> Asked { get; } = new();

    /// <summary>Whether a caller may manage the tokens of a subject.</summary>
    public Func<TokenCaller, string?, bool> Allow { get; set; } = static (caller, subject) => caller.Subject == "1000" || caller.Subject == subject;
}

/// <summary>Asks once, and answers the same for as long as it lives.</summary>
internal sealed class RememberingRights(AskedRights rights) : ITokenCallerRights
{
    private readonly ConcurrentDictionary<ValueTuple<string?>, bool> _answers = new();

    public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_answers.GetOrAdd(new(subject), _ =>
        {
            rights.Asked.Enqueue(subject);
            return rights.Allow(caller, subject);
        }));
}
