using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

[TestClass]
public sealed class OperationTests
{
    [TestMethod]
    public async Task List_OfMoreThanAPage_IsWhole()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(static services =>
            services.AddTokenKit().AddRealm(CanvusHost.Realm, static realm => realm.MaximumLivingTokens = null));
        for (int i = 0; i < 1001; i++)
        {
            await canvus.IssueAsync(i.ToString(CultureInfo.InvariantCulture), "1002");
        }

        Answer list = await canvus.SendAsync(canvus.Administrator, "GET", CanvusHost.PathOf("1002"));

        CollectionAssert.AreEqual(Enumerable.Range(0, 1001).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray(), Descriptions(list));
    }

    private static string[] Descriptions(Answer list) => [.. list.Json.EnumerateArray().Select(token => token.GetProperty("description").GetString()!)];
}
