using TokenKit.Hashing;

namespace TokenKit.Tests.Hashing;

[TestClass]
public sealed class HashingQueueTests
{
    [TestMethod]
    public void Queue_OneLaneFull_OthersAreNextAfterOneOfIt()
    {
        var scene = new Scene(limit: 100);
        scene.Enqueue("a1", "a2", "a3", "a4", "b1", "c1", "b2");
        Assert.AreEqual("a1 b1 c1 a2 b2 a3 a4", scene.DequeueAll());
    }

    [TestMethod]
    public void Queue_OneLane_GetsHalfOfThePlaces()
    {
        var scene = new Scene(limit: 8);
        scene.Enqueue("a1", "a2", "a3", "a4");
        Assert.IsFalse(scene.TryEnqueue("a5"));

        // Two lanes get a third each, and there is room for another still.
        scene.Enqueue("b1", "b2");
        Assert.IsFalse(scene.TryEnqueue("b3"));
        scene.Enqueue("c1");
        Assert.IsFalse(scene.TryEnqueue("c2"));
        scene.Enqueue("d1");
        Assert.IsFalse(scene.TryEnqueue("e1"));
        Assert.AreEqual("a1 b1 c1 d1 a2 b2 a3 a4", scene.DequeueAll());
    }

    [TestMethod]
    public void Queue_OpenOnes_GetHalfOfThePlacesAndEverySecondTurn()
    {
        var scene = new Scene(limit: 8);
        scene.Enqueue("?1", "!1", "*1", "+1");
        Assert.IsFalse(scene.TryEnqueue("-1"));
        scene.Enqueue("a1", "b1", "a2");
        Assert.AreEqual("?1 a1 !1 b1 *1 a2 +1", scene.DequeueAll());
    }

    [TestMethod]
    public void Queue_WithoutPlaces_TakesNobody()
    {
        var scene = new Scene(limit: 0);
        Assert.IsFalse(scene.TryEnqueue("a1"));
        Assert.IsFalse(scene.TryEnqueue("?1"));
        Assert.AreEqual("", scene.DequeueAll());
    }

    /// <summary>Waiters have names of which the first character is the lane; lanes that are no letters are open.</summary>
    private sealed class Scene(int limit)
    {
        private readonly HashingQueue _queue = new(limit);
        private readonly Dictionary<TaskCompletionSource, string> _names = [];

        public void Enqueue(params string[] names) => Array.ForEach(names, name => Assert.IsTrue(TryEnqueue(name), name));

        public bool TryEnqueue(string name)
        {
            var waiter = new TaskCompletionSource();
            _names[waiter] = name;
            Guid token = new(name[0], 0, 0, new byte[8]);
            return _queue.TryEnqueue(HashingLane.ForVerification(token, isUnproven: !char.IsLetter(name[0])), waiter);
        }

        public string DequeueAll()
        {
            List<string> names = [];
            while (_queue.TryDequeue(out TaskCompletionSource? waiter))
            {
                names.Add(_names[waiter]);
            }

            Assert.AreEqual(0, _queue.Count);
            return string.Join(' ', names);
        }
    }
}
