using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authorization;

/// <summary>Who may manage whose tokens when the host says nothing, and when it does.</summary>
[TestClass]
public sealed class TokenCallerRightsTests
{
    [TestMethod]
    [DataRow("1001", "1001", true)]
    [DataRow("1001", "1000", false)]
    [DataRow("user", "USER", false)]
    [DataRow("1001", "", false)]
    [DataRow("", "", false)]
    public async Task Rights_OfAHostThatSaysNothing_AreOverOnesOwnTokens(string caller, string subject, bool expected)
    {
        await using TestHost host = await TestHost.StartAsync(services => services.AddTokenKit().AddVirtuousAITokens("vai"), _ => { });
        await using AsyncServiceScope request = host.Services.CreateAsyncScope();
        ITokenCallerRights rights = request.ServiceProvider.GetRequiredService<ITokenCallerRights>();
        Assert.AreEqual(expected, await rights.MayManageAsync(new TokenCaller(new ClaimsPrincipal(), caller, null), "api", subject, CancellationToken.None));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Rights_OfTheHost_ReplaceTheDefaultInAnyOrder(bool before)
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                if (before)
                {
                    services.AddScoped<ITokenCallerRights, EverybodysTokens>();
                }

                services.AddTokenKit().AddVirtuousAITokens("vai");
                if (!before)
                {
                    services.AddScoped<ITokenCallerRights, EverybodysTokens>();
                }
            },
            _ => { });
        await using AsyncServiceScope request = host.Services.CreateAsyncScope();
        Assert.IsInstanceOfType<EverybodysTokens>(request.ServiceProvider.GetRequiredService<ITokenCallerRights>());
    }

    private sealed class EverybodysTokens : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(true);
    }
}
