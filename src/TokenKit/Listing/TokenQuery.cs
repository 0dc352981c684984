using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Stores;

namespace TokenKit;

/// <summary>The order of a list.</summary>
public enum TokenOrder
{
    /// <summary>By <see cref="StoredToken.CreatedAt"/>, then by the bytes of the id, both descending.</summary>
    NewestFirst,

    /// <summary>By <see cref="StoredToken.Sequence"/>, ascending. Needs a query for one subject or for none.</summary>
    Inserted,
}

/// <summary>The place of a row in a list: the list goes on behind it.</summary>
/// <param name="CreatedAt">The row's <see cref="StoredToken.CreatedAt"/>.</param>
/// <param name="Id">The row's id.</param>
/// <param name="Sequence">The row's <see cref="StoredToken.Sequence"/>.</param>
public readonly record struct TokenPosition(DateTimeOffset CreatedAt, Guid Id, long Sequence);

/// <summary>Which tokens to list.</summary>
/// <example>
/// <code>
/// var query = new TokenQuery("api", SubjectFilter.Is("1000"));
/// if (cursor is not null &amp;&amp; !query.TryContinue(cursor, out query)) return BadRequest();
/// ApiTokenPage page = await tokens.ListAsync(query, cancellationToken);
/// </code>
/// </example>
public sealed record TokenQuery
{
    /// <summary>The most rows that one page may hold.</summary>
    public const int MaximumLimit = 1000;

    private const int CursorLength = sizeof(long) + 16 + sizeof(long) + FingerprintLength;
    private const int FingerprintLength = 8;

    /// <summary>Lists the tokens of a realm.</summary>
    /// <param name="realm">The realm; there is no list across realms.</param>
    /// <param name="subject">Whose tokens.</param>
    public TokenQuery(string realm, SubjectFilter subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentNullException.ThrowIfNull(subject);
        Realm = realm;
        Subject = subject;
    }

    /// <summary>The realm.</summary>
    public string Realm { get; }

    /// <summary>Whose tokens.</summary>
    public SubjectFilter Subject { get; }

    /// <summary>Only tokens of this kind.</summary>
    /// <value>Default: null, which means every kind.</value>
    public string? Kind { get; init; }

    /// <summary>Whether revoked tokens are listed too. Expired and suspended ones always are.</summary>
    /// <value>Default: false.</value>
    public bool IncludeRevoked { get; init; }

    /// <summary>The order.</summary>
    /// <value>Default: <see cref="TokenOrder.NewestFirst"/>.</value>
    /// <exception cref="ArgumentException"><see cref="TokenOrder.Inserted"/> with <see cref="SubjectFilter.Any"/>.</exception>
    public TokenOrder Order
    {
        get;
        init => field = value == TokenOrder.Inserted && Subject is SubjectFilter.AnySubject
            ? throw new ArgumentException("The order of insertion is kept per subject; list one subject, or those that belong to nobody.", nameof(value))
            : value;
    }

    /// <summary>The most rows of a page, 1 to <see cref="MaximumLimit"/>.</summary>
    /// <value>Default: 50.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumLimit);
            field = value;
        }
    } = 50;

    /// <summary>The row behind which the page begins; null for the first page.</summary>
    public TokenPosition? After { get; init; }

    /// <summary>Goes on where an earlier page ended.</summary>
    /// <param name="cursor">The <see cref="ApiTokenPage.NextCursor"/> of a page of the same realm, subject, kind, order and revoked filter.</param>
    /// <param name="next">This query behind that page; this query itself when the cursor is refused.</param>
    /// <returns>Whether the text is a cursor of this query. A cursor is no secret and proves nothing: it only says where to go on.</returns>
    public bool TryContinue(string cursor, out TokenQuery next)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        next = this;
        Span<byte> bytes = stackalloc byte[CursorLength];
        if (cursor.Length != Base64Url.GetEncodedLength(CursorLength)
            || Base64Url.DecodeFromChars(cursor, bytes, out _, out int written) != OperationStatus.Done
            || written != CursorLength)
        {
            return false;
        }

        Span<byte> fingerprint = stackalloc byte[FingerprintLength];
        WriteFingerprint(bytes[..^FingerprintLength], fingerprint);
        if (!fingerprint.SequenceEqual(bytes[^FingerprintLength..]))
        {
            return false;
        }

        long createdAt = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (createdAt < UnixMicroseconds.From(DateTimeOffset.MinValue) || createdAt > UnixMicroseconds.From(DateTimeOffset.MaxValue))
        {
            return false;
        }

        next = this with
        {
            After = new TokenPosition(
                UnixMicroseconds.ToInstant(createdAt),
                new Guid(bytes.Slice(sizeof(long), 16), bigEndian: true),
                BinaryPrimitives.ReadInt64BigEndian(bytes[(sizeof(long) + 16)..])),
        };
        return true;
    }

    /// <summary>The text with which <see cref="TryContinue"/> goes on behind a row.</summary>
    internal string CursorBehind(TokenPosition position)
    {
        Span<byte> bytes = stackalloc byte[CursorLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, UnixMicroseconds.From(position.CreatedAt));
        position.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(sizeof(long) + 16)..], position.Sequence);
        WriteFingerprint(bytes[..^FingerprintLength], bytes[^FingerprintLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    // Ties a cursor to its list, so that a damaged cursor or one of another list is refused instead of silently skipping rows.
    private void WriteFingerprint(ReadOnlySpan<byte> position, Span<byte> fingerprint)
    {
        string subject = Subject is SubjectFilter.OneSubject one ? one.Subject : Subject is SubjectFilter.NoSubject ? "" : "\0any";
        string filters = string.Create(
            CultureInfo.InvariantCulture,
            $"TokenKit cursor 1\n{Realm.Length}\n{Realm}\n{subject.Length}\n{subject}\n{Kind?.Length ?? -1}\n{Kind}\n{IncludeRevoked}\n{Order}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(filters));
        hash.AppendData(position);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        digest[..FingerprintLength].CopyTo(fingerprint);
    }
}
