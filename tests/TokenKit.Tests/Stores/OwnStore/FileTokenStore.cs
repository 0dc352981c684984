using System.Text;
using System.Text.Json;
using TokenKit;
using TokenKit.Stores;

namespace Acme;

/// <summary>Keeps tokens in one file, for a host of a single process. Each change is one line at the end of the file.</summary>
public sealed class FileTokenStore : ITokenStore, IDisposable
{
    private readonly Lock _turn = new();
    private readonly FileStream _file;
    private readonly Dictionary<Guid, StoredToken> _rows = [];
    private readonly Dictionary<Guid, DateTimeOffset> _changes = [];
    private long _lastSequence;

    public FileTokenStore(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);

        // A line without an end was being written when the process died. Its caller got no answer.
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _file.SetLength(end);
        foreach (string line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Apply(JsonSerializer.Deserialize<Line>(line)!);
        }
    }

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) => InTurn(() => Find(id), cancellationToken);
    public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken) => InTurn(() => Unrevoked(realm, owner).LongCount(), cancellationToken);
    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken) => InTurn(() => List(query), cancellationToken);
    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken) => InTurn(() => Commit(change), cancellationToken);
    public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => InTurn(() => Commit(batch), cancellationToken);
    public void Dispose() => _file.Dispose();

    // Calls take turns. That replaces locks on rows and guards.
    private ValueTask<T> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken) : ValueTask.FromResult(work());
        }
    }

    private CommitResult Commit(TokenChange change)
    {
        if (change.ChangeId is { } id && _changes.ContainsKey(id))
        {
            return CommitResult.Repeated(change, change.Target is { } target ? Find(target) : null);
        }

        IEnumerable<Guid> ids = change is TokenChange.RevokeAll all
            ? change.Ids.Union(Unrevoked(all.Realm, all.Owner).Take(all.Most ?? int.MaxValue).Select(row => row.Id))
            : change.Ids;
        long? living = change.Limit is { } limit
            ? Unrevoked(change.Realm, SubjectFilter.Any).Count(row => row.Subject == limit.Subject && row.Kind == limit.Kind && !(row.ExpiresAt <= change.Now))
            : null;
        TokenDecision decision = change.Decide(new LockedTokens([.. ids.Select(Find).OfType<StoredToken>()], living));
        StoredToken? added = decision.Added is { } row ? row with { Sequence = _lastSequence + 1 } : null;
        StoredToken[] written = added is null ? [.. decision.Changed] : [added];
        StoredToken[] named = decision.Result.Outcome == CommitOutcome.CapReached && change is TokenChange.Issue issue ? [issue.Token] : written;
        bool isNameTaken = Array.Exists(named, IsNameTaken);
        if (isNameTaken || (added is not null && _rows.ContainsKey(added.Id)))
        {
            return new CommitResult(isNameTaken ? CommitOutcome.NameTaken : CommitOutcome.Duplicate);
        }

        if (decision.Result.Outcome == CommitOutcome.Done)
        {
            Write(new Line(change.ChangeId, change.ChangeId is null ? default : change.Now, written, decision.Removed is { } removed ? [removed] : []));
        }

        return added is null ? decision.Result : decision.Result with { Token = added };
    }

    private TokenPage List(TokenQuery query)
    {
        IEnumerable<StoredToken> rows = _rows.Values.Where(row => row.Realm == query.Realm && query.Subject.Matches(row.Subject)
            && (query.Kind is null || row.Kind == query.Kind) && (query.IncludeRevoked || row.RevokedAt is null));
        rows = query.Order == TokenOrder.Inserted
            ? rows.Where(row => !(row.Sequence <= query.After?.Sequence)).OrderBy(row => row.Sequence)
            : rows.Where(row => query.After is not { } after || (row.CreatedAt, row.Id).CompareTo((after.CreatedAt, after.Id)) < 0)
                .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
        StoredToken[] page = [.. rows.Take(query.Limit + 1).Select(Copy)];
        return page.Length > query.Limit ? new TokenPage(page[..query.Limit], HasMore: true) : new TokenPage(page, HasMore: false);
    }

    private int Commit(TokenBatch batch)
    {
        if (batch is TokenBatch.Purge purge)
        {
            IEnumerable<StoredToken> ended = _rows.Values.Where(row => row.RevokedAt < purge.EndedBefore || row.ExpiresAt < purge.EndedBefore);
            return Write(new Line(null, purge.ChangesBefore, [], [.. ended.Take(purge.Limit).Select(row => row.Id)])).Removed.Length;
        }

        IEnumerable<StoredToken> written = batch is TokenBatch.EraseCopies erase
            ? from row in erase.Ids.Select(Find) where row?.Secret.RecoverableCopy is not null select row with { Secret = row.Secret with { RecoverableCopy = null } }
            : from use in ((TokenBatch.Touch)batch).Uses
              let row = Find(use.Id) where row is not null && !(row.LastUsedAt >= use.UsedAt) select row with { LastUsedAt = use.UsedAt.ToUniversalTime() };
        return Write(new Line(null, default, [.. written], [])).Written.Length;
    }

    private StoredToken? Find(Guid id) => _rows.TryGetValue(id, out StoredToken? row) ? Copy(row) : null;

    private IEnumerable<StoredToken> Unrevoked(string realm, SubjectFilter owner) => _rows.Values.Where(row => row.Realm == realm && owner.Matches(row.Subject) && row.RevokedAt is null);

    private bool IsNameTaken(StoredToken wanted) => wanted.NameKey is { } key
        && _rows.Values.Any(row => row.Id != wanted.Id && key.AsSpan().SequenceEqual(row.NameKey));

    private static StoredToken Copy(StoredToken row) => JsonSerializer.Deserialize<StoredToken>(JsonSerializer.SerializeToUtf8Bytes(row))!;

    private Line Write(Line line)
    {
        long end = _file.Length;
        try
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(line);
            _file.Write([.. json, (byte)'\n']);
            _file.Flush(flushToDisk: true);
            return Apply(JsonSerializer.Deserialize<Line>(json)!);
        }
        catch (IOException exception)
        {
            _file.SetLength(end);
            throw new TokenStoreException("The file of the tokens cannot be written.", exception);
        }
    }

    private Line Apply(Line line)
    {
        Array.ForEach(line.Written, row => _rows[row.Id] = row);
        Array.ForEach(line.Removed, id => _rows.Remove(id));
        _lastSequence = line.Written.Select(row => row.Sequence).Append(_lastSequence).Max();
        if (line.ChangeId is { } changeId)
        {
            _changes[changeId] = line.At;
            return line;
        }

        Array.ForEach([.. _changes.Where(change => change.Value < line.At)], change => _changes.Remove(change.Key));
        return line;
    }

    // Without a change id it is a batch, which forgets changes from before an instant.
    private sealed record Line(Guid? ChangeId, DateTimeOffset At, StoredToken[] Written, Guid[] Removed);
}
