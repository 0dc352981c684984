using TokenKit.Changes;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Verification;

/// <summary>What one read of the store found for an id. It does not change, and says nothing of whether the token may be used: that depends on when one asks.</summary>
internal sealed class RowSnapshot
{
    private readonly int? _ownerPlace;
    private readonly long _mark;
    private byte[]? _proofPart;
    private VerificationResult.Valid? _valid;

    /// <param name="id">The id that was looked for.</param>
    /// <param name="row">The row; null when there is none.</param>
    /// <param name="sentAt">When the read was sent.</param>
    /// <param name="mark">The <see cref="ChangeMarks.Current"/> of then.</param>
    public RowSnapshot(Guid id, StoredToken? row, Moment sentAt, long mark)
    {
        Id = id;
        Row = row;
        SentAt = sentAt;
        _mark = mark;
        _ownerPlace = row is null ? null : ChangeMarks.PlaceOf(row);
    }

    public Guid Id { get; }

    public StoredToken? Row { get; }

    public Moment SentAt { get; }

    /// <summary>The row's part of every <see cref="ProofKey"/>.</summary>
    public ReadOnlySpan<byte> ProofPart => _proofPart ??= ProofKeyFactory.PartOf(Row!);

    /// <summary>The answer to whoever has the plaintext of a token that may be used.</summary>
    public VerificationResult.Valid Valid => _valid ??= new(ApiToken.From(Row!));

    /// <summary>Whether it is known that the row need not be renewed, so that nobody looks again with each use.</summary>
    public bool IsUpToDate { get; set; }

    /// <summary>The row, when it is one of the realm's.</summary>
    public StoredToken? RowIn(Realm realm) => string.Equals(Row?.Realm, realm.Name, StringComparison.Ordinal) ? Row : null;

    /// <summary>Whether this process may have changed the row since the read was sent.</summary>
    public bool IsOvertaken(ChangeMarks marks) => marks.HaveChanged(_mark, Id, _ownerPlace);
}
