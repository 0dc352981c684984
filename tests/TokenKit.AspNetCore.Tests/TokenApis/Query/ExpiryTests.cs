using System.Globalization;
using System.Text.Json;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class ExpiryTests
{
    [TestMethod]
    [DataRow(1632960000000, "2021-09-30T00:00:00Z", DisplayName = "milliseconds, the document's example")]
    [DataRow(100000000000, "1973-03-03T09:46:40Z", DisplayName = "the least milliseconds")]
    [DataRow(32503680000123, "3000-01-01T00:00:00.123Z", DisplayName = "milliseconds to come")]
    [DataRow(32503680000, "3000-01-01T00:00:00Z", DisplayName = "seconds to come")]
    [DataRow(99999999999, "5138-11-16T09:46:39Z", DisplayName = "the most seconds")]
    [DataRow(253402300800000, "9999-12-31T23:59:59.999Z", DisplayName = "year 10000")]
    [DataRow(long.MaxValue, "9999-12-31T23:59:59.999Z", DisplayName = "the largest number")]
    public async Task Create_WithAnExpiry_KeepsTheNumberAndTheInstant(long number, string instant)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        var expected = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

        Answer answer = await query.PostAsync($$"""{"name":"n","expiration_date":{{number}}}""");

        Assert.AreEqual(201, answer.Status, answer.Text);
        JsonElement row = await query.RowAsync();
        Assert.AreEqual(number, row.Number("expiration_date"));
        ApiToken token = await query.Host.Tokens.ListAllAsync(new TokenQuery(QueryHost.Realm, SubjectFilter.None) { Kind = "server" }).SingleAsync();
        Assert.AreEqual(expected, token.ExpiresAt);
        VerificationResult use = await query.Host.Tokens.VerifyAsync(QueryHost.Realm, row.Text("token")!);
        Assert.AreEqual(expected > query.Host.Clock.GetUtcNow(), use is VerificationResult.Valid);
    }
}
