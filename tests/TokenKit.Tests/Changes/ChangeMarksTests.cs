using TokenKit.Changes;
using TokenKit.Stores;

namespace TokenKit.Tests.Changes;

[TestClass]
public sealed class ChangeMarksTests
{
    private const string Realm = "api";
    private static readonly Guid Id = new("0190163d-8694-739b-aea5-966c26f8ad91");

    private static readonly StoredToken Row = new()
    {
        Id = Id,
        Realm = Realm,
        Kind = "pat",
        Subject = "1000",
        Name = "",
        Scopes = "",
        Hint = "",
        Hash = "",
        CreatedAt = default,
        UpdatedAt = default,
    };

    [TestMethod]
    public void Change_OfAToken_ConcernsHardlyAnyOthers()
    {
        var generations = new ChangeMarks();
        generations.Advance(Id);

        Assert.IsTrue(generations.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsTrue(generations.HaveChanged(0, Id, ownerPlace: null));
        Assert.IsLessThan(10, Enumerable.Range(0, 100).Count(_ => generations.HaveChanged(0, Guid.NewGuid(), ChangeMarks.PlaceOf(Row))));
    }

    [TestMethod]
    public void Change_OfAnOwnersTokens_ConcernsHardlyAnyOthers()
    {
        var generations = new ChangeMarks();
        generations.Advance(Realm, SubjectFilter.Is("1000"));

        Assert.IsTrue(generations.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsFalse(generations.HaveChanged(0, Id, ownerPlace: null));
        StoredToken[] others =
        [
            Row with { Realm = "other" },
            Row with { Subject = "" },
            .. Enumerable.Range(0, 100).Select(i => Row with { Subject = $"{i}" }),
        ];
        Assert.IsLessThan(10, others.Count(other => generations.HaveChanged(0, Id, ChangeMarks.PlaceOf(other))));
    }

    [TestMethod]
    public void Change_OfNobodysTokens_ConcernsThoseWithoutSubject()
    {
        var generations = new ChangeMarks();
        generations.Advance(Realm, SubjectFilter.None);

        Assert.IsTrue(generations.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row with { Subject = "" })));
    }

    [TestMethod]
    public void Change_OfAllTokens_ConcernsEveryRead()
    {
        var generations = new ChangeMarks();
        generations.Advance(Realm, SubjectFilter.Any);

        Assert.IsTrue(generations.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsTrue(generations.HaveChanged(0, Id, ownerPlace: null));
    }

    [TestMethod]
    public void Read_SentAfterAChange_IsNotConcerned()
    {
        var generations = new ChangeMarks();
        generations.Advance(Id);
        generations.Advance(Realm, SubjectFilter.Is("1000"));
        generations.Advance(Realm, SubjectFilter.Any);

        Assert.IsFalse(generations.HaveChanged(generations.Current, Id, ChangeMarks.PlaceOf(Row)));
    }

    [TestMethod]
    public void Advance_ByManyThreads_IsLostByNone()
    {
        var generations = new ChangeMarks();
        Parallel.For(0, 100_000, _ =>
        {
            long generation = generations.Current;
            generations.Advance(Id);
            Assert.IsTrue(generations.HaveChanged(generation, Id, ownerPlace: null));
        });
        Assert.AreEqual(100_000, generations.Current);
    }
}
