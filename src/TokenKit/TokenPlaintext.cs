using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenKit.Format;

namespace TokenKit;

/// <summary>The full text of a token, which authenticates whoever presents it. Show it once, keep it nowhere.</summary>
/// <remarks>
/// It prints masked, has no property that a serializer would read, and refuses System.Text.Json. Only <see cref="Reveal"/> gives the text.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[JsonConverter(typeof(RefusingConverter))]
public sealed class TokenPlaintext
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    internal TokenPlaintext(string text) => _text = text;

    /// <summary>The text itself.</summary>
    public string Reveal() => _text;

    /// <summary>The hint and an ellipsis.</summary>
    public override string ToString() => $"{TokenText.HintOf(_text)}…";

    internal sealed class RefusingConverter : JsonConverter<TokenPlaintext>
    {
        public override TokenPlaintext Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw Refusal();

        public override void Write(Utf8JsonWriter writer, TokenPlaintext value, JsonSerializerOptions options) => throw Refusal();

        private static NotSupportedException Refusal() =>
            new("A plaintext is not serialized by accident: write TokenPlaintext.Reveal() where it is really meant.");
    }
}
