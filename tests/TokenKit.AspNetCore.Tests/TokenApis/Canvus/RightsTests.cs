using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

[TestClass]
public sealed class RightsTests
{
    [TestMethod]
    public async Task Host_ThatSaysNothing_HasEveryUserAndNoAdministrators()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddTokenKit().AddCanvusTokens("canvus"),
            app => app.MapCanvusTokens("canvus"));
        IssuedToken token = await host.IssueAsync(ApiTokens.ManageScope, "canvus", "123456789");

        foreach ((string user, int expected) in new[] { ("123456789", 200), ("0123456789", 200), ("1000", 403) })
        {
            using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, CanvusHost.PathOf(user), ("Private-Token", token.Plaintext));
            Assert.AreEqual(expected, response.Status(), user);
        }
    }
}
