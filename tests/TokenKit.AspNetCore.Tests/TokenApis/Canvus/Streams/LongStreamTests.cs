using System.Text.Json;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.TokenApis.Canvus;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>Streams of a user with more tokens than are kept, and of others beside it.</summary>
[TestClass]
public sealed class LongStreamTests
{
    private const int Tokens = 150;

    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [TestMethod]
    public async Task ListStream_OfManyTokens_SaysWhatAShortOneSays()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        List<IssuedToken> issued = await FillAsync(canvus, "1001");
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));

        JsonElement first = await stream.ReadAsync();
        CollectionAssert.AreEqual(
            issued.Select(static token => TokenIdText.Write(token.Record.Id)).Prepend(TokenIdText.Write(canvus.User.Record.Id)).ToArray(),
            first.EnumerateArray().Select(static token => token.GetProperty("id").GetString()).ToArray());
        Assert.IsTrue(first.EnumerateArray().Skip(1).All(static token => OpenStream.StateOf(token).EndsWith(":normal", StringComparison.Ordinal)));

        // The last token is beyond what is kept.
        ApiToken last = issued[^1].Record;
        string path = CanvusHost.PathOf("1001", TokenIdText.Write(last.Id));
        await canvus.SendAsync("PATCH", path, """{"description":"changed"}""");
        Assert.AreEqual("changed:normal", await stream.ReadStatesAsync());
        await canvus.SendAsync("DELETE", path);
        Assert.AreEqual("changed:deleted", await stream.ReadStatesAsync());

        // Of one that the host removes from the store only what is kept of all is left.
        ApiToken removed = issued[^2].Record;
        await canvus.Host.Tokens.DeleteAsync(CanvusHost.Realm, removed.Id, SubjectFilter.Any);
        JsonElement gone = (await stream.ReadAsync())[0];
        Assert.AreEqual((TokenIdText.Write(removed.Id), ":deleted"), (gone.GetProperty("id").GetString(), OpenStream.StateOf(gone)));
        Assert.AreEqual(removed.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", null), gone.GetProperty("created_at").GetString());
    }

    [TestMethod]
    public async Task ListStream_OfManyTokensThatAreRevokedTogether_SaysThemAll()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        List<IssuedToken> issued = await FillAsync(canvus, "1001");
        using OpenStream stream = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        await canvus.Host.Tokens.RevokeAllAsync(CanvusHost.Realm, SubjectFilter.Is("1001"), spared: null);

        JsonElement gone = await stream.ReadAsync();
        Assert.AreEqual(issued.Count + 1, gone.GetArrayLength());
        Assert.IsTrue(gone.EnumerateArray().All(static token => token.GetProperty("state").GetString() == "deleted" && token.GetProperty("description").GetString()!.Length > 0));
    }

    [TestMethod]
    public async Task SingleStream_OfATokenBeyondWhatIsKept_SaysItInFull()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        ApiToken last = (await FillAsync(canvus, "1001"))[^1].Record;
        using OpenStream list = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await list.ReadLineAsync();
        using OpenStream single = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001", TokenIdText.Write(last.Id)));

        Assert.AreEqual($"{last.Name}:normal", OpenStream.StateOf(await single.ReadAsync()));
        await canvus.Host.Tokens.DeleteAsync(CanvusHost.Realm, last.Id, SubjectFilter.Any);
        Assert.AreEqual($"{last.Name}:deleted", OpenStream.StateOf(await single.ReadAsync()));
        Assert.IsNull(await single.ReadLineAsync());
    }

    [TestMethod]
    public async Task Caller_WhoseTokenIsBeyondWhatIsKept_IsJudgedByIt()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        IssuedToken caller = (await FillAsync(canvus, "1001"))[^1];
        using OpenStream stream = await canvus.SubscribeAsync(caller, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();
        await canvus.IssueAsync("new", "1001");
        Assert.AreEqual("new:normal", await stream.ReadStatesAsync());

        await canvus.Host.RevokeAsync(caller);

        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task Change_OfOneUser_IsSaidWhileTheTokensOfAnotherAreLookedAt()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        using OpenStream others = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1002"));
        using OpenStream own = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await others.ReadLineAsync();
        await own.ReadLineAsync();
        var began = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        canvus.Host.Store.BeforeList = query =>
        {
            bool isOthers = query.Subject == SubjectFilter.Is("1002");
            if (isOthers)
            {
                began.TrySetResult();
            }

            return isOthers ? held.Task : Task.CompletedTask;
        };

        // More than once: a look that is due may not take a turn while it waits for the one before.
        for (int i = 0; i < 10; i++)
        {
            await canvus.IssueAsync("held up", "1002");
            await began.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        await canvus.IssueAsync("new", "1001");
        Assert.AreEqual("new:normal", await own.ReadStatesAsync());
        held.SetResult();
        Assert.StartsWith("held up:normal", await others.ReadStatesAsync());
    }

    [TestMethod]
    public async Task Look_AtManyTokens_TakesATurnForEachPage()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        await FillAsync(canvus, "1001", count: 450);
        List<string> pages = [];
        canvus.Host.Store.BeforeList = query =>
        {
            pages.Add(((SubjectFilter.OneSubject)query.Subject).Subject);
            return Task.CompletedTask;
        };
        using var turns = new SemaphoreSlim(0);
        HashSet<Guid> none = [];
#pragma warning disable CA2025 // The looks have ended by then.
        Task[] looks = [.. new[] { "1001", "1000", "1001" }.Select(user => SubjectTokens.ReadAsync(canvus.Host.Tokens, CanvusHost.Realm, user, none, turns, CancellationToken.None))];
#pragma warning restore CA2025

        turns.Release();
        await Task.WhenAll(looks);

        Assert.AreEqual("1001 1000 1001 1001 1001 1001 1001 1001 1001 1001 1001", string.Join(' ', pages));
    }

    /// <summary>Issues more tokens than are kept, whose names are long.</summary>
    private static async Task<List<IssuedToken>> FillAsync(CanvusHost canvus, string user, int count = Tokens)
    {
        List<IssuedToken> issued = [];
        for (int i = 0; i < count; i++)
        {
            issued.Add(await canvus.IssueAsync($"{i}".PadLeft(1000, '.'), user));
        }

        return issued;
    }
}
