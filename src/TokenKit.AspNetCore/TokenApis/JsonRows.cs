using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>A JSON array whose rows are read while it is written, in pieces: however long it is, it takes the memory of one piece.</summary>
/// <typeparam name="T">A row as the product shows it.</typeparam>
/// <param name="rows">The rows.</param>
/// <param name="type">How a row is written.</param>
internal sealed class JsonRows<T>(IAsyncEnumerable<T> rows, JsonTypeInfo<T> type)
{
    private const int PieceLength = 32 * 1024;

    /// <summary>Writes what stands before the rows.</summary>
    /// <value>Default: the beginning of an array.</value>
    public Action<Utf8JsonWriter> Begin { get; init; } = static json => json.WriteStartArray();

    /// <summary>Writes what stands behind the rows, once all are read.</summary>
    /// <value>Default: the end of an array.</value>
    public Action<Utf8JsonWriter> End { get; init; } = static json => json.WriteEndArray();

    /// <summary>Writes all rows, and hands each piece over that is full.</summary>
    /// <param name="send">Sends a piece. The next row is read when it has ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last piece, which is not handed over.</returns>
    public async Task<ArrayBufferWriter<byte>> WriteAsync(SendPiece send, CancellationToken cancellationToken)
    {
        var piece = new ArrayBufferWriter<byte>();
        var json = new Utf8JsonWriter(piece, new JsonWriterOptions { Encoder = type.Options.Encoder });
        await using (json.ConfigureAwait(false))
        {
            Begin(json);
            await foreach (T row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                JsonSerializer.Serialize(json, row, type);
                await json.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (piece.WrittenCount >= PieceLength)
                {
                    await send(piece.WrittenMemory).ConfigureAwait(false);
                    piece.ResetWrittenCount();
                }
            }

            End(json);
        }

        return piece;
    }
}
