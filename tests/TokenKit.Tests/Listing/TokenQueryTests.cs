using System.Buffers.Text;
using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.Tests.Listing;

[TestClass]
public sealed class TokenQueryTests
{
    private static readonly TokenQuery Query = new("api", SubjectFilter.Is("1000"));
    private static readonly TokenPosition Position = new(
        new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_457),
        Guid.Parse("0195512a-4f00-7abc-8def-0123456789ab"),
        42);

    public static IEnumerable<object[]> OtherLists =>
    [
        ["realm", new TokenQuery("web", SubjectFilter.Is("1000"))],
        ["subject", new TokenQuery("api", SubjectFilter.Is("1001"))],
        ["no subject", new TokenQuery("api", SubjectFilter.None)],
        ["any subject", new TokenQuery("api", SubjectFilter.Any)],
        ["kind", Query with { Kind = "pat" }],
        ["empty kind", Query with { Kind = "" }],
        ["revoked tokens", Query with { IncludeRevoked = true }],
        ["order", Query with { Order = TokenOrder.Inserted }],
        ["border of realm and subject", new TokenQuery("api\n4\n1", SubjectFilter.Is("000"))],
    ];

    public static IEnumerable<object[]> Positions =>
    [
        [Position],
        [Position with { CreatedAt = DateTimeOffset.MinValue, Id = Guid.Empty, Sequence = 0 }],
        [Position with { CreatedAt = UnixMicroseconds.Truncate(DateTimeOffset.MaxValue), Id = Guid.AllBitsSet, Sequence = long.MaxValue }],
        [Position with { CreatedAt = DateTimeOffset.UnixEpoch.AddMicroseconds(-1), Sequence = long.MinValue }],
    ];

    [TestMethod]
    [DynamicData(nameof(Positions))]
    public void Cursor_OfSameList_GoesOnBehindItsRow(TokenPosition position)
    {
        Assert.IsTrue(Query.TryContinue(Query.CursorBehind(position), out TokenQuery next));
        Assert.AreEqual(Query with { After = position }, next);
    }

    [TestMethod]
    public void Cursor_OfInstantInOtherZone_IsTheSame() =>
        Assert.AreEqual(Query.CursorBehind(Position), Query.CursorBehind(Position with { CreatedAt = Position.CreatedAt.ToOffset(TimeSpan.FromHours(5.75)) }));

    [TestMethod]
    public void Cursor_OfSameListWithOtherLimit_IsTaken()
    {
        string cursor = (Query with { Limit = 1, After = Position }).CursorBehind(Position);
        Assert.IsTrue((Query with { Limit = 200 }).TryContinue(cursor, out TokenQuery next));
        Assert.AreEqual(200, next.Limit);
    }

    [TestMethod]
    [DynamicData(nameof(OtherLists))]
    public void Cursor_OfOtherList_IsRefused(string difference, TokenQuery other)
    {
        Assert.IsFalse(Query.TryContinue(other.CursorBehind(Position), out TokenQuery next), difference);
        Assert.AreSame(Query, next);
        Assert.IsFalse(other.TryContinue(Query.CursorBehind(Position), out _), difference);
    }

    [TestMethod]
    public void Cursor_WithAnyByteChanged_IsRefused()
    {
        byte[] bytes = Base64Url.DecodeFromChars(Query.CursorBehind(Position));
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x01;
            Assert.IsFalse(Query.TryContinue(Base64Url.EncodeToString(damaged), out _), $"byte {at}");
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("abc")]
    [DataRow("\0")]
    [DataRow("🔑")]
    public void Cursor_OfOtherText_IsRefused(string text)
    {
        Assert.IsFalse(Query.TryContinue(text, out TokenQuery next));
        Assert.AreSame(Query, next);
    }

    [TestMethod]
    public void Cursor_OfRightLengthAndOtherAlphabet_IsRefused()
    {
        int length = Query.CursorBehind(Position).Length;
        foreach (char character in "A!+/=\u00E9\0 ")
        {
            Assert.IsFalse(Query.TryContinue(new string(character, length), out _), $"{(int)character:X4}");
        }
    }

    [TestMethod]
    public void Cursor_CutOrPadded_IsRefused()
    {
        string cursor = Query.CursorBehind(Position);
        foreach (string text in (string[])[cursor[..^1], cursor + "=", cursor + "A", " " + cursor[1..], cursor[..^1] + "\n"])
        {
            Assert.IsFalse(Query.TryContinue(text, out _), text);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(TokenQuery.MaximumLimit + 1)]
    public void Limit_OutsideRange_Throws(int limit) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Query with { Limit = limit });

    [TestMethod]
    public void Order_InsertedForEverybody_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => new TokenQuery("api", SubjectFilter.Any) { Order = TokenOrder.Inserted });

    [TestMethod]
    public void Order_InsertedForNobody_IsTaken() =>
        Assert.AreEqual(TokenOrder.Inserted, new TokenQuery("api", SubjectFilter.None) { Order = TokenOrder.Inserted }.Order);

    [TestMethod]
    public void Query_ByDefault_ListsFiftyLivingTokensNewestFirst()
    {
        Assert.AreEqual(50, Query.Limit);
        Assert.AreEqual(TokenOrder.NewestFirst, Query.Order);
        Assert.IsFalse(Query.IncludeRevoked);
        Assert.IsNull(Query.Kind);
        Assert.IsNull(Query.After);
    }

    [TestMethod]
    public void Query_WithoutRealm_Throws() => Assert.ThrowsExactly<ArgumentException>(() => new TokenQuery("", SubjectFilter.Any));

    [TestMethod]
    public void Cursor_MadeUnderAnotherCulture_IsTheSame()
    {
        string cursor = Query.CursorBehind(Position);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // Its minus sign is not the hyphen.
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("sv-SE");
            Assert.AreEqual(cursor, Query.CursorBehind(Position));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
