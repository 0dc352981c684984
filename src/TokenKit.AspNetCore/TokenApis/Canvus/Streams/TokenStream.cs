using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>
/// One open stream. It keeps what it said last and says what is other now, so that a slow reader misses the steps between and never the
/// outcome, and costs no queue. It ends when the host stops, when its caller may no longer see it, and when there is nothing more to say.
/// </summary>
internal sealed class TokenStream : IDisposable
{
    private static readonly byte[] EmptyLine = "\n"u8.ToArray();

    private readonly TokenApiCall _call;
    private readonly StreamFrames _frames;
#pragma warning disable CA2213 // It is the host's.
    private readonly TokenWatcher _watcher;
#pragma warning restore CA2213
    private readonly StreamAlarm _alarm;
    private readonly WatchedSubject _shown;
    private readonly WatchedSubject? _callers;
    private SubjectTokens _said = SubjectTokens.None;

    private TokenStream(TokenApiCall call, string subject, StreamFrames frames, CanvusStreamOptions options)
    {
        _call = call;
        _frames = frames;
        _watcher = call.RealmService<TokenWatcher>();
        _alarm = new StreamAlarm(options, call.Service<TimeProvider>());
        _shown = _watcher.Watch(subject, _alarm, frames.Token);
        _callers = call.Caller.Token is { } token ? _watcher.Watch(token.Subject, _alarm, token.Id) : null;
    }

    /// <summary>Opens a stream. It watches first and looks then, so that no change falls between.</summary>
    public static async Task<TokenApiResponse> OpenAsync(TokenApiCall call, string subject, StreamFrames frames)
    {
        CanvusStreamOptions options = call.Service<IOptionsMonitor<CanvusTokensOptions>>().Get(call.Realm).Streams;
        if (!call.RealmService<TokenWatcher>().TryOpenFor(call.Caller.Subject))
        {
            return call.Say(TokenApiOutcome.StreamsAtLimit);
        }

#pragma warning disable CA2000 // The response does, when it has ended.
        var stream = new TokenStream(call, subject, frames, options);
#pragma warning restore CA2000
        call.DisposeAtEnd(stream);
        stream._said = await stream.LookAsync().ConfigureAwait(false);
        return frames.IsOver(stream._said)
            ? call.Say(TokenApiOutcome.UnknownToken)
            : new TokenApiResponse(StatusCodes.Status200OK, ContentType: "application/json") { Stream = new TokenApiStream(stream.SpeakAsync, options.WriteTimeout) }
                .With("Cache-Control", "no-cache");
    }

    public void Dispose()
    {
        _watcher.Leave(_shown, _alarm);
        if (_callers is not null && _callers != _shown)
        {
            _watcher.Leave(_callers, _alarm);
        }

        _alarm.Dispose();
        _watcher.CloseFor(_call.Caller.Subject);
    }

    private async Task<SubjectTokens> LookAsync()
    {
        await _watcher.LookAsync(_shown).WaitAsync(_call.Aborted).ConfigureAwait(false);
        if (_callers is not null && _callers != _shown)
        {
            await _watcher.LookAsync(_callers).WaitAsync(_call.Aborted).ConfigureAwait(false);
        }

        return _shown.Latest;
    }

    private async Task SpeakAsync(SendPiece send, CancellationToken ended)
    {
        await _frames.SayFirstAsync(_said, send).ConfigureAwait(false);
        while (await _alarm.WaitAsync(ended).ConfigureAwait(false) is var reasons and not WakeReason.None)
        {
            // Drop what is newer than the caller's last check: it rings again.
            SubjectTokens now = _shown.Latest;
            if (!await MayGoOnAsync(reasons).ConfigureAwait(false))
            {
                break;
            }

            if (await SayNextAsync(now, send).ConfigureAwait(false))
            {
                _alarm.Said();
            }
            else if (reasons.HasFlag(WakeReason.KeepAlive))
            {
                await send(EmptyLine).ConfigureAwait(false);
            }

            if (_frames.IsOver(_said))
            {
                break;
            }
        }
    }

    private Task<bool> SayNextAsync(SubjectTokens now, SendPiece send)
    {
        SubjectTokens before = _said;
        _said = now;
        return _frames.SayNextAsync(before, now, send);
    }

    // The token is judged each time, by what the last look found; the host is asked for the rights as often as the store is.
    private async ValueTask<bool> MayGoOnAsync(WakeReason reasons)
    {
        ApiToken? token = _call.Caller.Token is { Id: var id } ? _callers!.Latest.Find(id)?.Record : null;

        // What cannot be told at the moment is asked again the next time.
        return await _call.ProblemOfCredentialAsync(token).ConfigureAwait(false) is null or TokenApiOutcome.Unavailable
            && (!reasons.HasFlag(WakeReason.Check) || await _call.Rights.MayStillManageAsync(token, _shown.Subject).ConfigureAwait(false));
    }
}
