namespace TokenKit.Tests;

[TestClass]
public sealed class ScopeSetTests
{
    [TestMethod]
    [DataRow(null, "")]
    [DataRow("", "")]
    [DataRow("   ", "")]
    [DataRow("read", "read")]
    [DataRow(" write  read write ", "read write")]
    [DataRow("b B a", "B a b")]
    public void TryParse_Scopes_AreSortedAndDistinct(string? text, string expected)
    {
        Assert.IsTrue(ScopeSet.TryParse(text, out ScopeSet? set));
        Assert.AreEqual(expected, set.ToString());
        Assert.AreEqual(expected.Length == 0 ? 0 : expected.Split(' ').Length, set.Count);
    }

    [TestMethod]
    [DataRow("a\tb")]
    [DataRow("a\nb")]
    [DataRow("a\"b")]
    [DataRow("a\\b")]
    [DataRow("\u007F")]
    [DataRow("\u00E9")]
    [DataRow("read \u3000")]
    [DataRow("\0")]
    public void TryParse_NoScopeToken_IsRefused(string text)
    {
        Assert.IsFalse(ScopeSet.TryParse(text, out ScopeSet? set));
        Assert.IsNull(set);
    }

    [TestMethod]
    public void IsScope_EveryCharacter_IsAsInRfc6749()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
            bool expected = code is 0x21 or (>= 0x23 and <= 0x5B) or (>= 0x5D and <= 0x7E);
            Assert.AreEqual(expected, ScopeSet.IsScope(((char)code).ToString()), $"U+{code:X4}");
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("read write")]
    public void IsScope_NothingOrSeveral_IsFalse(string? text) => Assert.IsFalse(ScopeSet.IsScope(text));

    [TestMethod]
    public void Of_NoScopeToken_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ScopeSet.Create("read write"));
        Assert.ThrowsExactly<ArgumentException>(() => ScopeSet.Create("read", ""));
    }

    [TestMethod]
    public void Of_LongestText_IsTakenAndOneMoreThrows()
    {
        string one = new('a', 511);
        string other = new('b', 512);
        Assert.AreEqual(ScopeSet.MaximumLength, ScopeSet.Create(one, other).ToString().Length);
        Assert.ThrowsExactly<ArgumentException>(() => ScopeSet.Create(one, other + "b"));
        Assert.IsFalse(ScopeSet.TryParse($"{one} {other}b", out _));
    }

    [TestMethod]
    public void Contains_Scope_IsComparedCharacterByCharacter()
    {
        var set = ScopeSet.Create("tokens:manage", "read", "Write");
        Assert.IsTrue(set.Contains("read"));
        Assert.IsTrue(set.Contains("Write"));
        Assert.IsFalse(set.Contains("write"));
        Assert.IsFalse(set.Contains("tokens"));
        Assert.IsFalse(set.Contains(""));
    }

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow("", "read", true)]
    [DataRow("read", "", false)]
    [DataRow("read", "read write", true)]
    [DataRow("read admin", "read write", false)]
    [DataRow("READ", "read", false)]
    public void IsSubsetOf_OtherSet_NeedsEveryScope(string scopes, string other, bool expected) => Assert.AreEqual(expected, Parse(scopes).IsSubsetOf(Parse(other)));

    [TestMethod]
    [DataRow("a b c", "b c d", "b c")]
    [DataRow("a", "b", "")]
    [DataRow("", "b", "")]
    public void Intersect_OtherSet_KeepsWhatBothHave(string scopes, string other, string expected) =>
        Assert.AreEqual(Parse(expected), Parse(scopes).Intersect(Parse(other)));

    [TestMethod]
    public void Equals_SameScopesInOtherOrder_IsTrue()
    {
        Assert.AreEqual(ScopeSet.Create("a", "b"), ScopeSet.Create("b", "a", "b"));
        Assert.AreEqual(ScopeSet.Create("a", "b").GetHashCode(), ScopeSet.Create("b", "a").GetHashCode());
        Assert.AreNotEqual(ScopeSet.Create("a", "b"), ScopeSet.Create("a"));
        Assert.AreNotEqual(ScopeSet.Create("a"), ScopeSet.Create("A"));
        Assert.IsFalse(ScopeSet.Empty.Equals(null));
    }

    [TestMethod]
    public void Enumerator_Scopes_AreInOrdinalOrder() => Assert.AreSequenceEqual(["B", "a", "c"], ScopeSet.Create("c", "a", "B"));

    private static ScopeSet Parse(string text) => ScopeSet.TryParse(text, out ScopeSet? set) ? set : throw new ArgumentException(text, nameof(text));
}
