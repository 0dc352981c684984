using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A list is read, written and sent in pieces, however long it is, and is never taken for a whole one when it is not.</summary>
[TestClass]
public sealed class LongListTests
{
    private const int Rows = 190;

    // Of so many rows with long names some pieces are sent before it is read.
    private const int LatePage = 7;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public static IEnumerable<object[]> Lists => ListOperations.Select(static list => new object[] { list.ToString() });

    private static IEnumerable<SetOperation> ListOperations =>
    [
        SetOperation.Of("amove GET /apitoken/get_all"),
        SetOperation.Of("query GET /_/token"),
        SetOperation.Of($"canvus GET /api/v1/users/{SetOperation.User}/access-tokens"),
        SetOperation.Of("vai GET /api/v1/access-tokens") with { Path = "/api/v1/access-tokens?limit=200" },
    ];

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task List_OfSeveralPages_HasEveryRowOnceAndInOrder(string name)
    {
        SetOperation list = Find(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(list);
        string[] names = await FillAsync(host, list, Rows, nameLength: 250);

        RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);

        Assert.AreEqual((200, "chunked", null), (answer.Status, answer.Header("Transfer-Encoding"), answer.Header("Content-Length")), answer.StatusLine);
        Assert.AreEqual(list.Set == "amove" ? "private, no-store" : "no-store", answer.Header("Cache-Control"));
        Assert.AreEqual(list.Set == "query" ? null : "application/json", answer.Header("Content-Type"));
        bool isNewestFirst = list.Set is "amove" or "vai";
        CollectionAssert.AreEqual(isNewestFirst ? names.Reverse().ToArray() : names, NamesOf(list, answer.Json!.Value));
        Assert.AreEqual(-1, answer.Body.AsSpan().IndexOfAny(" \r\n"), "There is no white space between rows.");
    }

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task List_ThatIsShort_SaysItsLength(string name)
    {
        SetOperation list = Find(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(list);
        await FillAsync(host, list, 3, nameLength: 20);

        RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);

        Assert.AreEqual((200, null), (answer.Status, answer.Header("Transfer-Encoding")), answer.ToString());
        Assert.AreEqual($"{answer.Body.Length}", answer.Header("Content-Length"));
    }

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task Store_ThatFailsInTheMiddle_BreaksTheConnection(string name)
    {
        SetOperation list = Find(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(list);
        await FillAsync(host, list, Rows, nameLength: 250);
        int pages = 0;
        host.Host.Store.BeforeList = _ =>
        {
            host.Host.Store.IsDown = ++pages == LatePage;
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<IOException>(() => host.SendAsync(list, Proof.Token, caller.Plaintext));
        Assert.IsTrue(host.Host.Logs.Lines.Any(static line => line.StartsWith("1100 ", StringComparison.Ordinal)), "The failure is logged.");
    }

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task Store_ThatFailsBeforeAnythingIsSent_AnswersUnavailable(string name)
    {
        SetOperation list = Find(name);
        foreach (bool isFirstPage in new[] { true, false })
        {
            await using EverySetHost host = await EverySetHost.StartAsync();
            IssuedToken caller = await host.IssueCallerAsync(list);
            await FillAsync(host, list, 110, nameLength: 3);
            host.Host.Store.BeforeList = query =>
            {
                host.Host.Store.IsDown = isFirstPage || query.After is not null;
                return Task.CompletedTask;
            };

            RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);

            Assert.AreEqual(503, answer.Status, answer.ToString());
            Assert.IsNotNull(answer.Header("Retry-After"));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task Caller_ThatEndsWhileAListIsWritten_SeesNoMoreOfIt(string name)
    {
        SetOperation list = Find(name);
        foreach ((int nameLength, int lastPage, string end) in new[] { (250, LatePage, "revoked"), (3, 2, "revoked"), (3, 2, "without scope"), (3, 2, "with another secret") })
        {
            await using EverySetHost host = await EverySetHost.StartAsync();
            IssuedToken caller = await host.IssueCallerAsync(list);
            await FillAsync(host, list, Rows, nameLength);
            int pages = 0;
            host.Host.Store.BeforeList = async _ =>
            {
                if (++pages == lastPage)
                {
                    await EndAsync(host, caller.Record, end);
                    host.Clock.Advance(Slow);
                }
            };

            if (lastPage == LatePage)
            {
                await Assert.ThrowsAsync<IOException>(() => host.SendAsync(list, Proof.Token, caller.Plaintext), end);
                continue;
            }

            RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);
            Assert.AreEqual(end == "without scope" ? list.RightsMissing : 401, answer.Status, $"{end}: {answer}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Lists))]
    public async Task Caller_ThatIsStillGoodWhileAListIsWritten_SeesAllOfIt(string name)
    {
        SetOperation list = Find(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(list);
        string[] names = await FillAsync(host, list, Rows, nameLength: 250);
        host.Host.Store.BeforeList = async query =>
        {
            if (query.After is not null)
            {
                await host.Host.Tokens.UpdateAsync(new UpdateRequest(list.Set, caller.Record.Id, SubjectFilter.Any) { Name = "renamed" });
                host.Clock.Advance(Slow);
            }
        };

        RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);

        Assert.AreEqual(200, answer.Status);
        Assert.HasCount(names.Length, NamesOf(list, answer.Json!.Value));
    }

    [TestMethod]
    public async Task Copies_ThatCannotBeRead_AreReportedOnceForAListOfSeveralPages()
    {
        SetOperation list = Find("query GET /_/token");
        await using EverySetHost host = await EverySetHost.StartAsync();
        IssuedToken caller = await host.IssueCallerAsync(list);
        await FillAsync(host, list, Rows, nameLength: 250);
        host.Sets.Protector.HasLostItsKey = true;

        RawResponse answer = await host.SendAsync(list, Proof.Token, caller.Plaintext);

        Assert.IsTrue(answer.Json!.Value.GetProperty("data").EnumerateArray().All(static row => row.GetProperty("token").ValueKind == JsonValueKind.Null));
        string[] reports = [.. host.Host.Logs.Lines.Where(static line => line.StartsWith("205 ", StringComparison.Ordinal))];
        Assert.HasCount(1, reports);
        Assert.StartsWith($"205 {Rows} recoverable copies", reports[0]);
    }

    private static SetOperation Find(string name) => ListOperations.Single(list => list.ToString() == name);

    private static Task EndAsync(EverySetHost host, ApiToken token, string how) => how switch
    {
        "revoked" => host.Host.Tokens.RevokeAsync(token.Realm, token.Id, SubjectFilter.Any),
        "without scope" => UpdateAsync(host, token, static request => request with { Scopes = ScopeSet.Empty }),
        _ => UpdateAsync(host, token, static request => request with { ReplaceSecret = true }),
    };

    private static Task<UpdateResult> UpdateAsync(EverySetHost host, ApiToken token, Func<UpdateRequest, UpdateRequest> change) =>
        host.Host.Tokens.UpdateAsync(change(new UpdateRequest(token.Realm, token.Id, SubjectFilter.Any)));

    /// <summary>Issues tokens that a list shows beside its caller's, in this order.</summary>
    private static async Task<string[]> FillAsync(EverySetHost host, SetOperation list, int count, int nameLength)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(number => $"{number}".PadLeft(nameLength, '.'))];
        foreach (string name in names)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await host.Host.IssueAsync(new IssueRequest(list.Set) { Subject = list.Set == "query" ? "" : SetOperation.User, Name = name });
        }

        return names;
    }

    private static string[] NamesOf(SetOperation list, JsonElement answer)
    {
        (JsonElement rows, string member) = list.Set switch
        {
            "amove" => (answer, "title"),
            "query" => (answer.GetProperty("data"), "name"),
            "canvus" => (answer, "description"),
            _ => (answer.GetProperty("items"), "name"),
        };
        return [.. rows.EnumerateArray().Select(row => row.GetProperty(member).GetString()!).Where(static name => name is not ("caller" or "renamed"))];
    }
}

/// <summary>What lists take of the memory. Nothing else runs meanwhile.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LongListMemoryTests
{
    private const int Readers = 8;
    private const int MostMegabytes = 32;

    [TestMethod]
    [DataRow("")]
    [DataRow("?subscribe")]
    public async Task Lists_WhoseReadersDoNotRead_TakeTheMemoryOfTheirPieces(string query)
    {
        await using Canvus.CanvusHost canvus = await Canvus.CanvusHost.StartAsync(static services =>
        {
            services.AddTokenKit().AddRealm(Canvus.CanvusHost.Realm, static realm => realm.MaximumLivingTokens = null);
            services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MinResponseDataRate = null);
        });

        // 24 MB of JSON, which is more than the buffers of both sockets take. All tokens share one description.
        string description = new('x', 10_000);
        for (int i = 0; i < 2400; i++)
        {
            await canvus.IssueAsync(description, "1001");
        }

        byte[] request = Encoding.ASCII.GetBytes(
            $"GET {Canvus.CanvusHost.PathOf("1001")}{query} HTTP/1.1\r\nHost: x\r\nPrivate-Token: {canvus.User.Plaintext}\r\n\r\n");
        await canvus.SendAsync("GET", Canvus.CanvusHost.PathOf("1002"));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<Socket> readers = [];
        for (int reader = 0; reader < Readers; reader++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            readers.Add(socket);
            await socket.ConnectAsync(canvus.Host.Address.Host, canvus.Host.Address.Port);
            await socket.SendAsync(request);
            await socket.ReceiveAsync(new byte[1]);
        }

        await UntilNothingIsReadAsync(canvus.Host.Store);
        long added = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.IsLessThan(MostMegabytes, added / 1_000_000, "megabytes of eight lists of 24 MB");
        readers.ForEach(static reader => reader.Dispose());
    }

    private static async Task UntilNothingIsReadAsync(FaultyStore store)
    {
        int reads;
        do
        {
            reads = store.Lists;
            await Task.Delay(500);
        }
        while (store.Lists != reads);
    }
}
