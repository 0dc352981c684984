namespace TokenKit.Tests;

[TestClass]
public sealed class SubjectFilterTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("1000")]
    public void Any_EverySubject_Matches(string subject) => Assert.IsTrue(SubjectFilter.Any.Matches(subject));

    [TestMethod]
    [DataRow("", true)]
    [DataRow(" ", false)]
    [DataRow("1000", false)]
    public void None_Subject_MatchesOnlyNobody(string subject, bool matches) => Assert.AreEqual(matches, SubjectFilter.None.Matches(subject));

    [TestMethod]
    [DataRow("Ann", true)]
    [DataRow("ann", false)]
    [DataRow("Ann ", false)]
    [DataRow("Annn", false)]
    [DataRow("", false)]
    public void Is_Subject_MatchesCharacterByCharacter(string subject, bool matches) => Assert.AreEqual(matches, SubjectFilter.Is("Ann").Matches(subject));

    [TestMethod]
    public void Is_SubjectInOtherNormalForm_DoesNotMatch() => Assert.IsFalse(SubjectFilter.Is("\u00E9").Matches("e\u0301"));

    [TestMethod]
    public void Is_EmptySubject_Throws() => Assert.ThrowsExactly<ArgumentException>(() => SubjectFilter.Is(""));

    [TestMethod]
    public void Is_NoSubject_Throws() => Assert.ThrowsExactly<ArgumentNullException>(() => SubjectFilter.Is(null!));

    [TestMethod]
    public void Is_LongestSubject_IsTakenAndOneMoreThrows()
    {
        Assert.IsTrue(SubjectFilter.Is(new string('s', 256)).Matches(new string('s', 256)));
        Assert.ThrowsExactly<ArgumentException>(() => SubjectFilter.Is(new string('s', 257)));
        Assert.ThrowsExactly<ArgumentException>(() => SubjectFilter.Is("a\ud800"));
        Assert.ThrowsExactly<ArgumentException>(() => SubjectFilter.Is("a\0"));
    }

    [TestMethod]
    public void For_SubjectOfRow_IsThatSubjectOrNobody()
    {
        Assert.AreEqual(SubjectFilter.None, SubjectFilter.For(""));
        Assert.AreEqual(SubjectFilter.Is("1000"), SubjectFilter.For("1000"));
        Assert.AreNotEqual(SubjectFilter.Is("1001"), SubjectFilter.For("1000"));
    }
}
