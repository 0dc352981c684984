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
        Secret = new StoredSecret
        {
            Hint = "",
            Hash = "",
        },
        CreatedAt = default,
        UpdatedAt = default,
    };

    [TestMethod]
    public void Change_OfAToken_ConcernsHardlyAnyOthers()
    {
        var marks = new ChangeMarks();
        marks.Set(Id);

        Assert.IsTrue(marks.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsTrue(marks.HaveChanged(0, Id, ownerPlace: null));
        Assert.IsLessThan(10, Enumerable.Range(0, 100).Count(_ => marks.HaveChanged(0, Guid.NewGuid(), ChangeMarks.PlaceOf(Row))));
    }

    [TestMethod]
    public void Change_OfAnOwnersTokens_ConcernsHardlyAnyOthers()
    {
        var marks = new ChangeMarks();
        marks.Set(Realm, SubjectFilter.Is("1000"));

        Assert.IsTrue(marks.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsFalse(marks.HaveChanged(0, Id, ownerPlace: null));
        StoredToken[] others =
        [
            Row with { Realm = "other" },
            Row with { Subject = "" },
            .. Enumerable.Range(0, 100).Select(i => Row with { Subject = $"{i}" }),
        ];
        Assert.IsLessThan(10, others.Count(other => marks.HaveChanged(0, Id, ChangeMarks.PlaceOf(other))));
    }

    [TestMethod]
    public void Change_OfNobodysTokens_ConcernsThoseWithoutSubject()
    {
        var marks = new ChangeMarks();
        marks.Set(Realm, SubjectFilter.None);

        Assert.IsTrue(marks.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row with { Subject = "" })));
    }

    [TestMethod]
    public void Change_OfAllTokens_ConcernsEveryRead()
    {
        var marks = new ChangeMarks();
        marks.Set(Realm, SubjectFilter.Any);

        Assert.IsTrue(marks.HaveChanged(0, Id, ChangeMarks.PlaceOf(Row)));
        Assert.IsTrue(marks.HaveChanged(0, Id, ownerPlace: null));
    }

    [TestMethod]
    public void Read_SentAfterAChange_IsNotConcerned()
    {
        var marks = new ChangeMarks();
        marks.Set(Id);
        marks.Set(Realm, SubjectFilter.Is("1000"));
        marks.Set(Realm, SubjectFilter.Any);

        Assert.IsFalse(marks.HaveChanged(marks.Current, Id, ChangeMarks.PlaceOf(Row)));
    }

    [TestMethod]
    public void Advance_ByManyThreads_IsLostByNone()
    {
        var marks = new ChangeMarks();
        Parallel.For(0, 100_000, _ =>
        {
            long mark = marks.Current;
            marks.Set(Id);
            Assert.IsTrue(marks.HaveChanged(mark, Id, ownerPlace: null));
        });
        Assert.AreEqual(100_000, marks.Current);
    }
}
