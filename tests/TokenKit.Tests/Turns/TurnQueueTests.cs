using TokenKit.Turns;

namespace TokenKit.Tests.Turns;

[TestClass]
public sealed class TurnQueueTests
{
    [TestMethod]
    public void Queue_OneSubjectFull_OthersAreNextAfterOneOfIt()
    {
        var scene = new Scene(limit: 100);
        scene.Add("a1", "a2", "a3", "a4", "b1", "c1", "b2");
        Assert.AreEqual("a1 b1 c1 a2 b2 a3 a4", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_ManyTokensOfOneSubject_CountAsOne()
    {
        var scene = new Scene(limit: 100);
        scene.Add("ap1", "aq1", "ar1", "ap2", "as1", "b1", "b2");
        Assert.AreEqual("ap1 b1 aq1 b2 ar1 as1 ap2", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_OneSubject_GetsHalfOfThePlaces()
    {
        var scene = new Scene(limit: 8);
        scene.Add("ap1", "aq1", "ar1", "as1");
        Assert.IsFalse(scene.TryAdd("at1"));

        // Two subjects get a third each, and there is room for another still.
        scene.Add("bp1", "bq1");
        Assert.IsFalse(scene.TryAdd("br1"));
        scene.Add("c1");
        Assert.IsFalse(scene.TryAdd("c2"));
        scene.Add("d1");
        Assert.IsFalse(scene.TryAdd("e1"));
        Assert.AreEqual("ap1 bp1 c1 d1 aq1 bq1 ar1 as1", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_OneToken_LeavesRoomForTheOthersOfItsSubject()
    {
        var scene = new Scene(limit: 9);
        scene.Add("ap1", "ap2", "ap3");
        Assert.IsFalse(scene.TryAdd("ap4"));
        scene.Add("aq1");
        Assert.IsFalse(scene.TryAdd("aq2"));
        scene.Add("b1");
        Assert.AreEqual("ap1 b1 aq1 ap2 ap3", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_SecondLane_GetsItsPartOfThePlacesAndItsTurns()
    {
        var scene = new Scene(limit: 8, secondLimit: 4, firstInARow: 1);
        scene.Add("x1?", "y1?", "z1?", "w1?");
        Assert.IsFalse(scene.TryAdd("v1?"));
        scene.Add("a1", "b1", "a2");
        Assert.AreEqual("a1 x1? b1 y1? a2 z1? w1?", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_FirstLane_GoesThreeTimesInARowAtMost()
    {
        var scene = new Scene(limit: 100, secondLimit: 50, firstInARow: 3);
        scene.Add("a1", "a2", "a3", "a4", "b1", "x1?", "y1?", "x2?");
        Assert.AreEqual("a1 b1 a2 x1? a3 a4 y1? x2?", scene.TakeAll());

        // Those before whom nobody waited count too.
        scene.Add("a1", "a2", "a3");
        Assert.AreEqual("a1 a2 a3", scene.TakeAll());
        scene.Add("a4", "x1?");
        Assert.AreEqual("x1? a4", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_OneThatWaitsNoLonger_LeavesNoTrace()
    {
        var scene = new Scene(limit: 8);
        scene.Add("ap1", "ap2", "aq1", "b1");
        Assert.IsTrue(scene.Remove("ap1"));
        Assert.IsFalse(scene.Remove("ap1"));
        Assert.IsTrue(scene.Remove("b1"));
        Assert.AreEqual("ap2 aq1", scene.TakeAll());
        Assert.IsFalse(scene.Remove("ap2"));

        // Its place is free for another.
        scene.Add("ap1", "aq1", "ar1", "as1");
        Assert.IsFalse(scene.TryAdd("at1"));
        Assert.IsTrue(scene.Remove("aq1"));
        scene.Add("at1");
        Assert.AreEqual("ap1 ar1 as1 at1", scene.TakeAll());
    }

    [TestMethod]
    public void Queue_WithoutPlaces_TakesNobody()
    {
        var scene = new Scene(limit: 0);
        Assert.IsFalse(scene.TryAdd("a1"));
        Assert.IsFalse(scene.TryAdd("x1?"));
        Assert.AreEqual("", scene.TakeAll());
    }

    /// <summary>
    /// Who waits has a name: the subject, perhaps the token, a number, and a question mark in the second lane.
    /// </summary>
    private sealed class Scene(int limit, int secondLimit = 1, int firstInARow = 1)
    {
        private readonly TurnQueue _queue = new(limit, secondLimit, firstInARow);
        private readonly Dictionary<string, Turn> _turns = [];

        public void Add(params string[] names) => Array.ForEach(names, name => Assert.IsTrue(TryAdd(name), name));

        public bool TryAdd(string name)
        {
            // Without a token's letter each number is a token.
            char token = name[1];
            var owner = new TurnOwner("api", name[..1], new Guid(token, 0, 0, new byte[8]));
            var turn = Turn.Later(owner, name.EndsWith('?') ? TurnLane.Second : TurnLane.First);
            _turns[name] = turn;
            return _queue.TryAdd(turn);
        }

        public bool Remove(string name) => _queue.Remove(_turns[name]);

        public string TakeAll()
        {
            List<string> names = [];
            while (_queue.TryTake(out Turn? turn))
            {
                names.Add(_turns.Single(pair => pair.Value == turn).Key);
            }

            Assert.AreEqual(0, _queue.Count);
            return string.Join(' ', names);
        }
    }
}
