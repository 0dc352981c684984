using Microsoft.Extensions.DependencyInjection;
using TokenKit.Changes;
using TokenKit.TestKit;

namespace TokenKit.Tests.Changes;

[TestClass]
public sealed class LocalChangesTests
{
    private static readonly SubjectFilter Owner = SubjectFilter.Is("1000");

    [TestMethod]
    public async Task Listener_OfEveryChange_IsToldWhoseTokensAreConcerned()
    {
        await using TestNode kit = await TestNode.StartAsync();
        List<LocalChange> told = [];
        using IDisposable subscription = kit.Services.GetRequiredService<LocalChanges>().Subscribe(told.Add);

        Guid id = (await kit.IssueAsync()).Token.Id;
        await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, id, Owner) { Name = "new" });
        await kit.Tokens.RevokeAsync(TestNode.Realm, id, SubjectFilter.Any);
        await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.None, spared: null);
        await kit.Tokens.DeleteAsync(TestNode.Realm, id, Owner);

        SubjectFilter[] owners = [Owner, Owner, SubjectFilter.Any, SubjectFilter.None, Owner];
        CollectionAssert.AreEqual(owners.Select(owner => new LocalChange(TestNode.Realm, owner)).ToArray(), told);
    }

    [TestMethod]
    public async Task Listener_OfAChange_FindsItInTheStore()
    {
        await using TestNode kit = await TestNode.StartAsync();
        int found = -1;
        using IDisposable subscription = kit.Services.GetRequiredService<LocalChanges>().Subscribe(change =>
            found = kit.Tokens.ListAsync(new TokenQuery(change.Realm, change.Owner)).GetAwaiter().GetResult().Tokens.Count);

        await kit.IssueAsync();

        Assert.AreEqual(1, found);
    }

    [TestMethod]
    public async Task Listener_OfAChangeThatMayHaveFailed_IsToldToo()
    {
        await using TestNode kit = await TestNode.StartAsync();
        List<LocalChange> told = [];
        using IDisposable subscription = kit.Services.GetRequiredService<LocalChanges>().Subscribe(told.Add);
        kit.Store.IsDown = true;

        await Assert.ThrowsExactlyAsync<TokenStoreException>(() => kit.IssueAsync());

        Assert.HasCount(1, told);
    }

    [TestMethod]
    public async Task Listener_ThatFails_NeitherStopsTheChangeNorTheOthers()
    {
        await using TestNode kit = await TestNode.StartAsync();
        LocalChanges changes = kit.Services.GetRequiredService<LocalChanges>();
        List<LocalChange> told = [];
        using IDisposable failing = changes.Subscribe(_ => throw new InvalidOperationException());
        using IDisposable other = changes.Subscribe(told.Add);

        await kit.IssueAsync();

        Assert.HasCount(1, told);
    }

    [TestMethod]
    public async Task Listener_ThatUnsubscribed_IsToldNoLonger()
    {
        await using TestNode kit = await TestNode.StartAsync();
        LocalChanges changes = kit.Services.GetRequiredService<LocalChanges>();
        List<LocalChange> first = [];
        List<LocalChange> second = [];
        using IDisposable staying = changes.Subscribe(second.Add);
        changes.Subscribe(first.Add).Dispose();

        await kit.IssueAsync();

        Assert.AreEqual((0, 1), (first.Count, second.Count));
    }
}
