using System.Runtime.InteropServices;

namespace TokenKit.Stores;

/// <summary>The orders in which <see cref="InMemoryTokenStore"/> lists its rows. What they sort by never changes in a row.</summary>
internal sealed class InMemoryTokenIndex
{
    private static readonly Comparer<TokenPosition> NewestFirst = Comparer<TokenPosition>.Create((a, b) =>
        b.CreatedAt.CompareTo(a.CreatedAt) is var order && order != 0 ? order : b.Id.CompareTo(a.Id));

    private static readonly Comparer<TokenPosition> Inserted = Comparer<TokenPosition>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));

    // The last place in either order: nothing lies behind it.
    private static readonly TokenPosition End = new(DateTimeOffset.MinValue, Guid.Empty, long.MaxValue);

    // A null subject stands for all of the realm.
    private readonly Dictionary<(string Realm, string? Subject, TokenOrder Order), SortedSet<TokenPosition>> _lists = [];

    public void Add(StoredToken row)
    {
        foreach ((string Realm, string? Subject, TokenOrder Order) list in ListsOf(row))
        {
            ref SortedSet<TokenPosition>? positions = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, list, out _);
            positions ??= new SortedSet<TokenPosition>(ComparerOf(list.Order));
            positions.Add(PositionOf(row));
        }
    }

    public void Remove(StoredToken row)
    {
        foreach ((string Realm, string? Subject, TokenOrder Order) list in ListsOf(row))
        {
            SortedSet<TokenPosition> positions = _lists[list];
            positions.Remove(PositionOf(row));
            if (positions.Count == 0)
            {
                _lists.Remove(list);
            }
        }
    }

    /// <summary>The ids of a list, from a place on.</summary>
    public IEnumerable<Guid> Walk(string realm, SubjectFilter subject, TokenOrder order, TokenPosition? after)
    {
        string? subjectOfList = subject switch
        {
            SubjectFilter.AnySubject => null,
            SubjectFilter.OneSubject one => one.Subject,
            _ => "",
        };
        if (!_lists.TryGetValue((realm, subjectOfList, order), out SortedSet<TokenPosition>? positions))
        {
            return [];
        }

        return after is TokenPosition start
            ? positions.GetViewBetween(start, End).SkipWhile(position => ComparerOf(order).Compare(position, start) == 0).Select(position => position.Id)
            : positions.Select(position => position.Id);
    }

    private static (string Realm, string? Subject, TokenOrder Order)[] ListsOf(StoredToken row) =>
    [
        (row.Realm, row.Subject, TokenOrder.NewestFirst),
        (row.Realm, row.Subject, TokenOrder.Inserted),
        (row.Realm, null, TokenOrder.NewestFirst),
    ];

    private static Comparer<TokenPosition> ComparerOf(TokenOrder order) => order == TokenOrder.Inserted ? Inserted : NewestFirst;

    private static TokenPosition PositionOf(StoredToken row) => new(row.CreatedAt, row.Id, row.Sequence);
}
