using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class ExpiryTests
{
    private const string Past = "The expiration_date must be greater than current time";

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
        DateTimeOffset expected = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

        Answer answer = await query.PostAsync($$"""{"name":"n","expiration_date":{{number}}}""");

        Assert.AreEqual(201, answer.Status, answer.Text);
        JsonElement row = await query.RowAsync();
        Assert.AreEqual(number, row.Number("expiration_date"));
        ApiToken token = await query.Host.Tokens.ListAllAsync(new TokenQuery(QueryHost.Realm, SubjectFilter.None) { Kind = "server" }).SingleAsync();
        Assert.AreEqual(expected, token.ExpiresAt);
        VerificationResult use = await query.Host.Tokens.VerifyAsync(QueryHost.Realm, row.Text("token")!);
        Assert.AreEqual(expected > query.Host.Clock.GetUtcNow(), use is VerificationResult.Valid);
    }

    [TestMethod]
    [DataRow(1632960000)]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(-1632960000000)]
    [DataRow(long.MinValue)]
    public async Task Create_WithSecondsThatHavePassed_Answers400(long number)
    {
        await using QueryHost query = await QueryHost.StartAsync();

        Answer answer = await query.PostAsync($$"""{"name":"n","expiration_date":{{number}}}""");

        Assert.AreEqual((400, Past, null), (answer.Status, answer.Text, answer.ContentType));
        Assert.IsEmpty(await query.RowsAsync());
    }

    [TestMethod]
    [DataRow(1632960000)]
    [DataRow(1632960000000)]
    [DataRow(-1)]
    [DataRow(long.MinValue)]
    [DataRow(32503680000)]
    public async Task Update_WithAnyExpiry_KeepsTheNumber(long number)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n"}""");

        Answer answer = await query.PutAsync($$"""{"name":"n","expiration_date":{{number}}}""");

        Assert.AreEqual(200, answer.Status, answer.Text);
        JsonElement row = await query.RowAsync();
        Assert.AreEqual(number, row.Number("expiration_date"));
        VerificationResult use = await query.Host.Tokens.VerifyAsync(QueryHost.Realm, row.Text("token")!);
        Assert.AreEqual(number == 32503680000, use is VerificationResult.Valid);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(",\"expiration_date\":null")]
    public async Task NoExpiry_BeforeAndAfterAPut_IsShownAsUpdatedAt(string member)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync($$"""{"name":"n"{{member}}}""");
        JsonElement created = await query.RowAsync();
        query.Host.Clock.Ahead = TimeSpan.FromDays(10_000);

        await query.PutAsync("""{"name":"n","write":false}""");

        JsonElement row = await query.RowAsync();
        Assert.AreEqual(created.Number("updated_at"), created.Number("expiration_date"));
        Assert.AreEqual(row.Number("updated_at"), row.Number("expiration_date"));
        Assert.IsGreaterThan(created.Number("updated_at"), row.Number("updated_at"));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await query.Host.Tokens.VerifyAsync(QueryHost.Realm, row.Text("token")!));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(",\"expiration_date\":32503680000")]
    public async Task Create_ByAnAdministratorWhoExpires_ShowsTheExpiryThatItWasCutTo(string member)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        DateTimeOffset end = DateTimeOffset.FromUnixTimeMilliseconds(query.Host.Clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        IssuedToken admin = await query.IssueAdminAsync(TokenExpiry.At(end));

        Answer answer = await query.Set.SendAsync("POST", QueryHost.Path, $$"""{"name":"n"{{member}}}""", ("Authorization", $"Bearer {admin.Plaintext}"));

        Assert.AreEqual(201, answer.Status);
        Assert.AreEqual(end.ToUnixTimeMilliseconds(), (await query.RowAsync()).Number("expiration_date"));
    }

    [TestMethod]
    public async Task Create_BeyondTheLimitsOfTheHost_Answers400()
    {
        await using QueryHost query = await QueryHost.StartAsync(services => services.AddTokenKit().AddRealm(QueryHost.Realm, realm =>
        {
            realm.MaximumLifetime = TimeSpan.FromDays(1);
            realm.DefaultLifetime = TimeSpan.FromDays(1);
            realm.MaximumLivingTokens = 1;
        }));

        Answer tooLate = await query.PostAsync("""{"name":"n","expiration_date":32503680000}""");
        Answer first = await query.PostAsync("""{"name":"first"}""");
        Answer second = await query.PostAsync("""{"name":"second"}""");

        Assert.AreEqual((400, "The expiration_date is too late"), (tooLate.Status, tooLate.Text));
        Assert.AreEqual(201, first.Status, first.Text);
        Assert.AreEqual((400, "There are as many tokens as there may be"), (second.Status, second.Text));
    }
}
