using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

[TestClass]
public sealed class OptionalTests
{
    [TestMethod]
    public void Optional_Null_IsAValueAndNotNone()
    {
        Optional<string?> none = default;
        Optional<string?> nothing = new(null);
        Assert.IsFalse(none.HasValue);
        Assert.IsTrue(nothing.HasValue);
        Assert.AreEqual("before", none.Or("before"));
        Assert.IsNull(nothing.Or("before"));
        Assert.AreNotEqual(none, nothing);
        Assert.IsTrue(none != nothing);
    }

    [TestMethod]
    public void Optional_EqualValues_AreEqual()
    {
        Optional<string> one = "name";
        Optional<string> other = new string("name");
        Assert.AreEqual(one, other);
        Assert.IsTrue(one == other);
        Assert.AreEqual(one.GetHashCode(), other.GetHashCode());
        Assert.AreNotEqual(one, new Optional<string>("Name"));
    }
}
