using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>What a stream says: one JSON document per line.</summary>
internal abstract class StreamFrames
{
    /// <summary>What there is now, as long as the stream is not over.</summary>
    public abstract byte[] First(SubjectTokens now);

    /// <summary>What became of it since.</summary>
    /// <returns>The line; null when nothing did.</returns>
    public abstract byte[]? Next(SubjectTokens before, SubjectTokens now);

    /// <summary>Whether the stream has nothing more to say, because what it is about is not there.</summary>
    public abstract bool IsOver(SubjectTokens now);

    protected static byte[] Line<T>(T value, JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];

    protected static WireToken Normal(ApiToken token) => WireToken.From(token) with { State = WireToken.Normal };

    protected static WireToken Deleted(ApiToken token) => WireToken.From(token) with { State = WireToken.Deleted };
}

/// <summary>A list: an array each time, first of all tokens, then of those that are new, other or gone.</summary>
internal sealed class ListFrames : StreamFrames
{
    public override byte[] First(SubjectTokens now) => Line([.. now.Shown.Select(Normal)]);

    public override byte[]? Next(SubjectTokens before, SubjectTokens now)
    {
        WireToken[] changes =
        [
            .. before.Shown.Where(token => now.Find(token.Id) is null).Select(Deleted),
            .. now.Shown.Where(token => !before.Has(token)).Select(Normal),
        ];
        return changes.Length == 0 ? null : Line(changes);
    }

    public override bool IsOver(SubjectTokens now) => false;

    private static byte[] Line(WireToken[] tokens) => Line(tokens, CanvusJson.Product.IReadOnlyListWireToken);
}

/// <summary>One token: a bare object each time, until it is gone.</summary>
internal sealed class SingleFrames(Guid id) : StreamFrames
{
    public override byte[] First(SubjectTokens now) => Line(Normal(now.Find(id)!));

    public override byte[]? Next(SubjectTokens before, SubjectTokens now) =>
        now.Find(id) is not { } token ? Line(Deleted(before.Find(id)!))
        : before.Has(token) ? null
        : Line(Normal(token));

    public override bool IsOver(SubjectTokens now) => now.Find(id) is null;

    private static byte[] Line(WireToken token) => Line(token, CanvusJson.Product.WireToken);
}
