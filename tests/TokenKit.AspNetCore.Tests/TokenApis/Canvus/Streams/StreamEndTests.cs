using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>What ends a stream, and what does not.</summary>
[TestClass]
public sealed class StreamEndTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    [TestMethod]
    [DataRow("revoke")]
    [DataRow("delete")]
    [DataRow("suspend")]
    public async Task CallersToken_ThatThisProcessEnds_EndsTheStreamAtOnce(string how)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        using OpenStream own = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        using OpenStream administrators = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1001"));
        await own.ReadLineAsync();
        await administrators.ReadLineAsync();

        await EndAsync(canvus, canvus.User, how);
        Assert.IsNull(await own.ReadLineAsync());
        Assert.AreEqual(how == "suspend" ? "user's:normal" : "user's:deleted", await administrators.ReadStatesAsync());
        await EndAsync(canvus, canvus.Administrator, how);
        Assert.IsNull(await administrators.ReadLineAsync());
    }

    [TestMethod]
    public async Task CallersToken_ThatAnotherHostRevokes_EndsTheStreamAfterThePollInterval()
    {
        var store = new FaultyStore();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, store: store);
        await using CanvusHost other = await CanvusHost.StartAsync(Never, store: store);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1002"));
        await stream.ReadLineAsync();

        await other.Host.RevokeAsync(canvus.Administrator);

        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task CallersToken_ThatIsRevokedWhileItsRightsAreChecked_IsToldNothingMore()
    {
        var rights = new HeldRights();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, services: services => services.AddSingleton<ITokenCallerRights>(rights));
        using OpenStream own = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        using OpenStream administrators = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1001"));
        await own.ReadLineAsync();
        await administrators.ReadLineAsync();

        rights.HoldsUsers = true;
        await rights.Asked;
        await EndAsync(canvus, canvus.User, "revoke");
        Assert.AreEqual("user's:deleted", await administrators.ReadStatesAsync());
        rights.Release();

        Assert.IsNull(await own.ReadLineAsync());
    }

    [TestMethod]
    public async Task Look_ThatTheStoreGivesUp_IsNotTheLastOne()
    {
        var store = new FaultyStore();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, store: store);
        await using CanvusHost other = await CanvusHost.StartAsync(Never, store: store);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        store.GivesUp = true;
        int looks = store.Lists;
        await CanvusHost.UntilAsync(() => store.Lists > looks + 1);
        store.GivesUp = false;
        await other.IssueAsync("new", "1001");

        Assert.AreEqual("new:normal", await stream.ReadStatesAsync());
    }

    [TestMethod]
    public async Task CallersToken_ThatExpires_EndsTheStream()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, services: services =>
            services.AddTokenKit().AddRealm(CanvusHost.Realm, realm => realm.DefaultLifetime = TimeSpan.FromHours(1)));
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        canvus.Host.Clock.Advance(TimeSpan.FromHours(1));

        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task CallersToken_ThatLosesItsScope_EndsTheStream()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        await canvus.Host.Tokens.UpdateAsync(new UpdateRequest(CanvusHost.Realm, canvus.User.Record.Id, SubjectFilter.Any) { Scopes = ScopeSet.Empty });

        Assert.IsNull(await LastLineAsync(stream));
    }

    [TestMethod]
    public async Task CallersToken_ThatGetsAnotherSecret_EndsTheStream()
    {
        var store = new FaultyStore();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, store: store);
        await using CanvusHost other = await CanvusHost.StartAsync(Never, store: store);
        foreach (CanvusHost replacing in new[] { canvus, other })
        {
            IssuedToken caller = await canvus.IssueAsync("caller", "1001");
            using OpenStream own = await canvus.SubscribeAsync(caller, CanvusHost.PathOf("1001"));
            await own.ReadLineAsync();

            var request = new UpdateRequest(CanvusHost.Realm, caller.Record.Id, SubjectFilter.Any) { ReplaceSecret = true };
            Assert.IsInstanceOfType<UpdateResult.Updated>(await replacing.Host.Tokens.UpdateAsync(request));

            Assert.IsNull(await own.ReadLineAsync());
        }
    }

    [TestMethod]
    public async Task CallersToken_ThatIsChangedOtherwise_EndsNoStream()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();
        foreach (string name in new[] { "first", "second" })
        {
            await canvus.Host.Tokens.UpdateAsync(new UpdateRequest(CanvusHost.Realm, canvus.User.Record.Id, SubjectFilter.Any) { Name = name });

            Assert.AreEqual($"{name}:normal", await stream.ReadStatesAsync());
        }
    }

    [TestMethod]
    public async Task Rights_ThatTheHostTakesAway_EndTheStream()
    {
        var rights = new ChangingRights();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, services: services => services.AddSingleton<ITokenCallerRights>(rights));
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1002"));
        await stream.ReadLineAsync();

        rights.MayManage = false;

        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task Rights_ThatFail_BreakTheStreamAndSayNothing()
    {
        var rights = new ChangingRights();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, services: services => services.AddSingleton<ITokenCallerRights>(rights));
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1002"));
        await stream.ReadLineAsync();

        rights.MayManage = null;

        await Assert.ThrowsAsync<IOException>(() => stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task CookieOfTheCaller_ThatExpires_EndsTheStream()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(
            services =>
            {
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
                services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, canvus =>
                {
                    canvus.AdditionalSchemes.Add(CookieAuthenticationDefaults.AuthenticationScheme);
                    canvus.Streams.PollInterval = Soon;
                });
            },
            app =>
            {
                app.MapGet("/login", (HttpContext context) => context.SignInAsync(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "1001")], "login")),
                    new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow.AddHours(1) }));
                app.MapCanvusTokens(CanvusHost.Realm);
            });
        using HttpResponseMessage login = await canvus.Host.SendAsync(HttpMethod.Get, "/login");
        using OpenStream stream = await OpenStream.OpenAsync(
            canvus.Host.Client, CanvusHost.PathOf("1001") + "?subscribe", ("Cookie", login.Header("Set-Cookie")!.Split(';')[0]));
        await stream.ReadLineAsync();
        await canvus.CreateAsync("new");
        Assert.AreEqual("new:normal", await stream.ReadStatesAsync());

        canvus.Host.Clock.Advance(TimeSpan.FromHours(2));

        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task Host_ThatStops_EndsItsStreams()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        using OpenStream list = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        using OpenStream single = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001", TokenIdText.Write(canvus.User.Record.Id)));
        await list.ReadLineAsync();
        await single.ReadLineAsync();

        await canvus.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.IsNull(await list.ReadLineAsync());
        Assert.IsNull(await single.ReadLineAsync());
    }

    [TestMethod]
    public async Task Store_ThatIsDownForAWhile_EndsNoStream()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();
        canvus.Host.Store.IsDown = true;
        int before = canvus.Host.Store.Lists;
        await CanvusHost.UntilAsync(() => canvus.Host.Store.Lists >= before + 2);

        canvus.Host.Store.IsDown = false;
        await canvus.IssueAsync("new", "1001");

        Assert.AreEqual("new:normal", await stream.ReadStatesAsync());
    }

    [TestMethod]
    public async Task Client_ThatHangsUp_IsWatchedForNoLonger()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon);
        Assert.AreEqual(0, canvus.Host.Store.Lists);
        OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();
        stream.Dispose();

        // Two seconds without a look show that there is nobody to look for.
        int looks = -1;
        long since = 0;
        await CanvusHost.UntilAsync(() =>
        {
            since = looks == canvus.Host.Store.Lists ? since : Stopwatch.GetTimestamp();
            looks = canvus.Host.Store.Lists;
            return Stopwatch.GetElapsedTime(since).TotalSeconds > 2;
        });
        Assert.IsFalse(canvus.Host.Logs.Lines.Any(line => line.Contains(" Error: ", StringComparison.Ordinal)));
    }

    private static async Task EndAsync(CanvusHost canvus, IssuedToken token, string how)
    {
        switch (how)
        {
            case "revoke":
                await canvus.Host.RevokeAsync(token);
                break;
            case "delete":
                await canvus.Host.Tokens.DeleteAsync(CanvusHost.Realm, token.Record.Id, SubjectFilter.Any);
                break;
            default:
                await canvus.Host.Tokens.UpdateAsync(new UpdateRequest(CanvusHost.Realm, token.Record.Id, SubjectFilter.Any) { Suspended = true });
                break;
        }
    }

    // What was said before the end does not matter.
    private static async Task<string?> LastLineAsync(OpenStream stream)
    {
        string? line = await stream.ReadLineAsync();
        return line is null ? null : await stream.ReadLineAsync();
    }

    /// <summary>Everybody may manage everything, but the answer about user 1001 takes as long as the test wants.</summary>
    private sealed class HeldRights : ITokenCallerRights
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HoldsUsers { get; set; }

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        public async ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken)
        {
            if (HoldsUsers && caller.Subject == "1001")
            {
                _asked.TrySetResult();
                await _released.Task.WaitAsync(cancellationToken);
            }

            return true;
        }
    }

    private sealed class ChangingRights : ITokenCallerRights
    {
        /// <summary>Whether callers may; null to fail.</summary>
        public bool? MayManage { get; set; } = true;

        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(MayManage ?? throw new InvalidOperationException("the reason that nobody may see"));
    }
}
