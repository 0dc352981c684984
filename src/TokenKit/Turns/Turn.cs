namespace TokenKit.Turns;

/// <summary>Somebody's turn at a <see cref="Turnstile"/>, now or later.</summary>
internal sealed class Turn
{
    private readonly TaskCompletionSource? _waiting;

    private Turn(TurnOwner owner, TurnLane lane, bool isNow)
    {
        Owner = owner;
        Lane = lane;
        _waiting = isNow ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Place = new LinkedListNode<Turn>(this);
    }

    public TurnOwner Owner { get; }

    public TurnLane Lane { get; }

    /// <summary>Where it stands in the line of its token.</summary>
    public LinkedListNode<Turn> Place { get; }

    /// <summary>Ends when it has come; cancelled when it never will.</summary>
    public Task Come => _waiting?.Task ?? Task.CompletedTask;

    public static Turn Now(TurnOwner owner, TurnLane lane) => new(owner, lane, isNow: true);

    public static Turn Later(TurnOwner owner, TurnLane lane) => new(owner, lane, isNow: false);

    public void Call() => _waiting!.SetResult();

    public void Cancel(CancellationToken cancellationToken) => _waiting!.SetCanceled(cancellationToken);
}
