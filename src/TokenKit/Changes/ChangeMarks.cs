using TokenKit.Stores;

namespace TokenKit.Changes;

/// <summary>Tells whether this process changed a row, or may have, since a read of it was sent.</summary>
/// <remarks>
/// A change takes the next number twice – before it is sent, and after it ended in whatever way – and leaves it where the rows look that it
/// may concern: by their id, by their owner, or for all rows. The places are fixed in number, 160 KiB in all, and rows share them: that costs
/// one of them a read now and then, and never keeps a stale row.
/// </remarks>
internal sealed class ChangeMarks
{
    private const int Ids = 1 << 14;
    private const int Owners = 1 << 12;

    private readonly long[] _ofIds = new long[Ids];
    private readonly long[] _ofOwners = new long[Owners];
    private long _ofAll;
    private long _last;

    /// <summary>The number of the last change. A read takes it before it is sent.</summary>
    public long Current => Volatile.Read(ref _last);

    /// <summary>A token is about to be changed, or a change of it has ended.</summary>
    public void Set(Guid id) => Set(ref _ofIds[PlaceOf(id)]);

    /// <summary>Tokens of an owner are about to be changed, or a change of them has ended.</summary>
    public void Set(string realm, SubjectFilter owner)
    {
        switch (owner)
        {
            case SubjectFilter.OneSubject one:
                Set(ref _ofOwners[PlaceOf(realm, one.Subject)]);
                break;
            case SubjectFilter.NoSubject:
                Set(ref _ofOwners[PlaceOf(realm, "")]);
                break;
            default:
                Set(ref _ofAll);
                break;
        }
    }

    /// <summary>Whether a read may have missed a change.</summary>
    /// <param name="mark">What <see cref="Current"/> was before the read was sent.</param>
    /// <param name="id">The id that was read.</param>
    /// <param name="ownerPlace">The <see cref="PlaceOf(StoredToken)"/> of the row; null when there was none.</param>
    public bool HaveChanged(long mark, Guid id, int? ownerPlace) =>
        Volatile.Read(ref _ofIds[PlaceOf(id)]) > mark
        || Volatile.Read(ref _ofAll) > mark
        || (ownerPlace is { } place && Volatile.Read(ref _ofOwners[place]) > mark);

    /// <summary>Where a row looks for changes of its owner's tokens.</summary>
    public static int PlaceOf(StoredToken row) => PlaceOf(row.Realm, row.Subject);

    // Seeded for the process: nobody can gather tokens that share the place of another's.
    private static int PlaceOf(Guid id) => HashCode.Combine(id) & (Ids - 1);

    private static int PlaceOf(string realm, string subject) => HashCode.Combine(realm, subject) & (Owners - 1);

    private void Set(ref long place)
    {
        // Whoever takes this number from now on reads what was written before; whoever took an earlier one finds it in the place.
        long next = Interlocked.Increment(ref _last);
        long known = Volatile.Read(ref place);
        while (known < next)
        {
            long found = Interlocked.CompareExchange(ref place, next, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }
}
