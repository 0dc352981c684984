using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class FailureTests
{
    private const string Unavailable = """{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The request cannot be answered at the moment."}""";

    [TestMethod]
    [DataRow("GET", "", null)]
    [DataRow("POST", "", """{"name":"n"}""")]
    [DataRow("DELETE", "", null)]
    [DataRow("GET", "/0190163d-8694-739b-aea5-966c26f8ad90", null)]
    [DataRow("DELETE", "/0190163d-8694-739b-aea5-966c26f8ad90", null)]
    public async Task AnyOperation_WhileTheStoreIsDown_Answers503(string method, string suffix, string? body)
    {
        var rights = new ScriptedRights();
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddSingleton<ITokenCallerRights>(rights));

        vai.Host.Store.IsDown = true;
        AssertUnavailable(await vai.SendAsync(method, VaiHost.Path + suffix, body));

        // And when it fails only after the caller was verified.
        vai.Host.Store.IsDown = false;
        rights.Before = () => vai.Host.Store.IsDown = true;
        AssertUnavailable(await vai.SendAsync(method, VaiHost.Path + suffix, body));
        Assert.IsTrue(vai.Host.Logs.Lines.Any(line => line.Contains("Endpoint set vai", StringComparison.Ordinal)), "the operator reads why");
    }

    [TestMethod]
    public async Task AnyOperation_ThatFailsUnexpectedly_Answers500WithoutDetail()
    {
        var rights = new ScriptedRights { Before = () => throw new InvalidOperationException("inner workings") };
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddSingleton<ITokenCallerRights>(rights));

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, """{"name":"n"}""");

        Assert.AreEqual("""{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"An unexpected error occurred."}""", answer.Text);
        Assert.AreEqual((500, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.AreEqual("no-store", answer.Header("Cache-Control"));
        Assert.IsTrue(vai.Host.Logs.Lines.Any(line => line.Contains("inner workings", StringComparison.Ordinal)), "the operator reads why");
    }

    [TestMethod]
    public async Task Create_WhileTooMuchWaitsToBeHashed_Answers503AndWritesNothing()
    {
        using var hasher = new HeldHasher();
        await using VaiHost vai = await VaiHost.StartAsync(hasher.AddTo);

        hasher.Hold();
        Task<Answer> first = vai.SendAsync("POST", VaiHost.Path, """{"name":"first"}""");
        await hasher.Held;
        Answer second = await vai.SendAsync("POST", VaiHost.Path, """{"name":"second"}""");
        hasher.Release();

        AssertUnavailable(second);
        Assert.AreEqual(201, (await first).Status);
        Assert.AreEqual(2, await vai.CountAsync());
    }

    [TestMethod]
    public async Task List_WhileTheCredentialCannotBeVerified_Answers503()
    {
        using var hasher = new HeldHasher();
        await using VaiHost vai = await VaiHost.StartAsync(services =>
        {
            hasher.AddTo(services);
            services.AddTokenKit().ConfigureVerification(verification => verification.ProofCacheCapacity = 0);
        });
        IssuedToken other = await vai.IssueAsync("other");

        hasher.Hold();
        Task<Answer> first = vai.SendAsync("GET", VaiHost.Path);
        await hasher.Held;
        Answer second = await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", other.Plaintext));
        hasher.Release();

        AssertUnavailable(second);
        Assert.AreEqual(200, (await first).Status);
    }

    [TestMethod]
    public async Task Caller_WhoHangsUp_IsNoFailure()
    {
        using var reached = new SemaphoreSlim(0);
        var rights = new ScriptedRights { WhileWaiting = () => reached.Release() };
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddSingleton<ITokenCallerRights>(rights));
        using var hangUp = new CancellationTokenSource();

        Task response = ListAsync(vai, hangUp.Token);
        await reached.WaitAsync();
        await hangUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => response);
        await rights.Ended;
        await vai.DisposeAsync();
        Assert.IsFalse(vai.Host.Logs.Lines.Any(line => line.Contains("an operation failed", StringComparison.Ordinal)));
    }

    private static async Task ListAsync(VaiHost vai, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, VaiHost.Path);
        request.Headers.Add("X-API-Key", vai.Session.Plaintext);
        using HttpResponseMessage response = await vai.Host.Client.SendAsync(request, cancellationToken);
    }

    private static void AssertUnavailable(Answer answer)
    {
        Assert.AreEqual(Unavailable, answer.Text);
        Assert.AreEqual((503, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.MatchesRegex("^[1-9][0-9]*$", answer.Header("Retry-After"));
        Assert.AreEqual("no-store", answer.Header("Cache-Control"));
    }

    /// <summary>Rights that everybody has on their own tokens, with something happening while they are asked for.</summary>
    private sealed class ScriptedRights : ITokenCallerRights
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action Before { get; set; } = () => { };

        /// <summary>When set, the question is not answered before the request is given up.</summary>
        public Action? WhileWaiting { get; set; }

        public Task Ended => _ended.Task;

        public async ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken)
        {
            Before();
            if (WhileWaiting is not null)
            {
                WhileWaiting();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    _ended.TrySetResult();
                }
            }

            return true;
        }
    }
}
