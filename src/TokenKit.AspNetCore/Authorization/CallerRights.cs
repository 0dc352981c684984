using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Authorization;

/// <summary>
/// Whose tokens of a realm the caller of one request may manage. A token caller needs <see cref="ApiTokens.ManageScope"/>, and the host has to
/// agree by <see cref="ITokenCallerRights"/> where the product asks it.
/// </summary>
/// <remarks>It asks the host once about each subject and remembers the answer for the request. It is not thread-safe.</remarks>
internal sealed class CallerRights(IServiceProvider services, TokenCaller caller, string realm, CancellationToken aborted)
{
    private readonly Dictionary<ValueTuple<string?>, bool> _answers = [];

    /// <summary>Whether the caller's credential allows managing tokens at all: of scopes only tokens have any.</summary>
    public bool MayManage => MayManageBy(caller.Token);

    /// <summary>Whether the caller may manage its own tokens. A caller without a subject has none.</summary>
    public ValueTask<bool> MayManageOwnAsync() => caller.Subject.Length == 0 ? new(false) : MayManageAsync(caller.Subject);

    /// <summary>Whether the caller may manage the tokens of a subject; null for those that belong to nobody.</summary>
    public async ValueTask<bool> MayManageAsync(string? subject)
    {
        if (!_answers.TryGetValue(new(subject), out bool answer))
        {
            _answers[new(subject)] = answer = await AskAsync(services, caller, subject).ConfigureAwait(false);
        }

        return answer;
    }

    /// <summary>Asks again about every subject for which the host agreed, after a body that took its time.</summary>
    /// <param name="token">The caller's token as it is now; null when another scheme authenticated the caller.</param>
    public async ValueTask<bool> MayStillManageAsync(ApiToken? token)
    {
        foreach ((ValueTuple<string?> subject, bool answer) in _answers)
        {
            if (answer && !await MayStillManageAsync(token, subject.Item1).ConfigureAwait(false))
            {
                return false;
            }
        }

        return MayManageBy(token);
    }

    /// <summary>Asks again, while a response goes on: about the caller's token as it is now, and services that remember nothing.</summary>
    /// <param name="token">The caller's token as it is now; null when another scheme authenticated the caller.</param>
    /// <param name="subject">Whose tokens; null for those that belong to nobody.</param>
    public async ValueTask<bool> MayStillManageAsync(ApiToken? token, string? subject)
    {
        AsyncServiceScope scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await AskAsync(scope.ServiceProvider, caller with { Token = token }, subject).ConfigureAwait(false);
        }
    }

    private static bool MayManageBy(ApiToken? token) => token?.Scopes.Contains(ApiTokens.ManageScope) is not false;

    private async ValueTask<bool> AskAsync(IServiceProvider from, TokenCaller asking, string? subject) =>
        MayManageBy(asking.Token)
        && await from.GetRequiredService<ITokenCallerRights>().MayManageAsync(asking, realm, subject, aborted).ConfigureAwait(false);
}
