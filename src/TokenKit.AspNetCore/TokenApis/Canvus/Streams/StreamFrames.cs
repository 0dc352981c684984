using System.Buffers;
using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>What a stream says: one JSON document per line.</summary>
internal abstract class StreamFrames(TokenApiCall call)
{
    /// <summary>The token that the stream is about; null for a list.</summary>
    public virtual Guid? Token => null;

    /// <summary>Says what there is now, as long as the stream is not over.</summary>
    public abstract Task SayFirstAsync(SubjectTokens now, SendPiece send);

    /// <summary>Says what became of it since.</summary>
    /// <returns>Whether there was something to say.</returns>
    public abstract Task<bool> SayNextAsync(SubjectTokens before, SubjectTokens now, SendPiece send);

    /// <summary>Whether the stream has nothing more to say, because what it is about is not there.</summary>
    public abstract bool IsOver(SubjectTokens now);

    /// <summary>Says an array, in pieces: lines are as long as all of a user's tokens.</summary>
    protected async Task SayAsync(IAsyncEnumerable<WireToken> tokens, SendPiece send)
    {
        var rows = new JsonRows<WireToken>(call.WhileAllowedAsync(tokens), CanvusJson.Product.WireToken);
        ArrayBufferWriter<byte> last = await rows.WriteAsync(send, call.Aborted).ConfigureAwait(false);
        last.Write("\n"u8);
        await send(last.WrittenMemory).ConfigureAwait(false);
    }

    protected static Task SayAsync(WireToken token, SendPiece send) =>
        send((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(token, CanvusJson.Product.WireToken), (byte)'\n']);

    protected static WireToken Normal(ApiToken token) => WireToken.From(token) with { State = WireToken.Normal };

    protected static WireToken Deleted(ApiToken token) => WireToken.From(token) with { State = WireToken.Deleted };
}

/// <summary>A list: an array each time, first of all tokens, then of those that are new, other or gone.</summary>
internal sealed class ListFrames(TokenApiCall call, string subject) : StreamFrames(call)
{
    private readonly TokenApiCall _call = call;

    public override Task SayFirstAsync(SubjectTokens now, SendPiece send)
    {
        IAsyncEnumerable<ApiToken> tokens = now.IsWhole
            ? now.Shown.Select(static token => token.Value.Record!).ToAsyncEnumerable()
            : _call.Tokens.ListAllAsync(SubjectTokens.ShownOf(_call.Realm, subject), _call.Aborted);
        return SayAsync(tokens.Select(Normal), send);
    }

    public override async Task<bool> SayNextAsync(SubjectTokens before, SubjectTokens now, SendPiece send)
    {
        IEnumerable<KeyValuePair<Guid, WatchedToken>> gone = before.Shown.Where(token => now.Find(token.Key) is null);
        IEnumerable<KeyValuePair<Guid, WatchedToken>> other = now.Shown.Where(token => !before.Has(token.Key, token.Value.Version));
        if (!gone.Any() && !other.Any())
        {
            return false;
        }

        await SayAsync(ReadAsync(gone, other), send).ConfigureAwait(false);
        return true;
    }

    public override bool IsOver(SubjectTokens now) => false;

    private async IAsyncEnumerable<WireToken> ReadAsync(
        IEnumerable<KeyValuePair<Guid, WatchedToken>> gone, IEnumerable<KeyValuePair<Guid, WatchedToken>> other)
    {
        foreach ((Guid id, WatchedToken token) in gone)
        {
            yield return await FindAsync(id, token).ConfigureAwait(false) is { } found ? Deleted(found) : WireToken.Lost(id, token.CreatedAt);
        }

        foreach ((Guid id, WatchedToken token) in other)
        {
            // One that was revoked since is gone from what is read next.
            if (await FindAsync(id, token).ConfigureAwait(false) is { RevokedAt: null } found)
            {
                yield return Normal(found);
            }
        }
    }

    private async ValueTask<ApiToken?> FindAsync(Guid id, WatchedToken token) =>
        token.Record ?? await _call.Tokens.FindAsync(_call.Realm, id, SubjectFilter.Is(subject), _call.Aborted).ConfigureAwait(false);
}

/// <summary>One token: a bare object each time, until it is gone. Its record is kept.</summary>
internal sealed class SingleFrames(TokenApiCall call, Guid id) : StreamFrames(call)
{
    public override Guid? Token => id;

    public override Task SayFirstAsync(SubjectTokens now, SendPiece send) => SayAsync(Normal(Find(now)!), send);

    public override async Task<bool> SayNextAsync(SubjectTokens before, SubjectTokens now, SendPiece send)
    {
        ApiToken? token = Find(now);
        if (token is not null && before.Has(id, token.Version))
        {
            return false;
        }

        await SayAsync(token is null ? Deleted(Find(before)!) : Normal(token), send).ConfigureAwait(false);
        return true;
    }

    public override bool IsOver(SubjectTokens now) => Find(now) is null;

    private ApiToken? Find(SubjectTokens tokens) => tokens.Find(id)?.Record;
}
