using TokenKit.Turns;

namespace TokenKit.Tests.Turns;

[TestClass]
public sealed class TurnstileTests
{
    private readonly Turnstile _turnstile = new(permits: 1, new TurnQueue(limit: 8, secondLimit: 4, firstInARow: 1));

    [TestMethod]
    public void Turn_GivenUpBeforeItCame_IsNobodys()
    {
        Turn first = Enter("a");
        Turn second = Enter("b");
        Turn third = Enter("c");

        _turnstile.GiveUp(second);
        _turnstile.Leave();

        Assert.AreEqual((true, false, true), (first.Come.IsCompleted, second.Come.IsCompleted, third.Come.IsCompleted));
        Assert.AreEqual((1, 0), _turnstile.Load);
    }

    [TestMethod]
    public void Turn_GivenUpAfterItCame_IsPassedOn()
    {
        Enter("a");
        Turn second = Enter("b");
        Turn third = Enter("c");

        _turnstile.Leave();
        _turnstile.GiveUp(second);

        Assert.IsTrue(third.Come.IsCompleted);
        Assert.AreEqual((1, 0), _turnstile.Load);
        _turnstile.Leave();
        Assert.AreEqual((0, 0), _turnstile.Load);
    }

    [TestMethod]
    public void Close_CancelsWhoWaitsOrComes()
    {
        using var closed = new CancellationTokenSource();
        Enter("a");
        Turn second = Enter("b");

        closed.Cancel();
        _turnstile.Close(closed.Token);
        _turnstile.GiveUp(second);

        Assert.IsTrue(second.Come.IsCanceled);
        Assert.IsTrue(Enter("c").Come.IsCanceled);
        Assert.AreEqual((1, 0), _turnstile.Load);
        _turnstile.Leave();
        Assert.IsFalse(_turnstile.TryEnterAtOnce());
    }

    // Thousands come, give up and leave at once: nobody is lost, and never are two inside.
    [TestMethod]
    public async Task Turnstile_UsedByManyAtOnce_LetsOneInAtATime()
    {
        int inside = 0;
        int entered = 0;
        await Parallel.ForAsync(0, 4_000, async (number, _) =>
        {
            if (!_turnstile.TryEnter(new TurnOwner("api", $"{number % 5}", Guid.Empty), number % 3 == 0 ? TurnLane.First : TurnLane.Second, out Turn? turn))
            {
                return;
            }

            if (number % 7 == 0)
            {
                _turnstile.GiveUp(turn);
                return;
            }

            await turn.Come;
            Assert.AreEqual(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref entered);
            _turnstile.Leave();
        });

        Assert.AreEqual((0, 0), _turnstile.Load);
        Assert.IsGreaterThan(100, entered);
    }

    private Turn Enter(string subject)
    {
        Assert.IsTrue(_turnstile.TryEnter(new TurnOwner("api", subject, Guid.Empty), TurnLane.First, out Turn? turn));
        return turn;
    }
}
