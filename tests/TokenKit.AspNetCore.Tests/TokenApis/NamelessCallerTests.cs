using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.Traces;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A caller of the host's without a name is not the owner of what belongs to nobody, whatever the host's rights make of it.</summary>
[TestClass]
public sealed class NamelessCallerTests
{
    private static readonly Dictionary<string, Func<TokenCaller, string?, bool>> Rights = new(StringComparer.Ordinal)
    {
        ["of the same name"] = static (caller, subject) => caller.Subject == subject,
        ["of the same name, where nobody's is empty"] = static (caller, subject) => caller.Subject == (subject ?? ""),
        ["of everybody"] = static (_, _) => true,
    };

    public static IEnumerable<object[]> Cases =>
        from operation in SetOperation.All
        from rights in Rights.Keys
        select new object[] { operation.ToString(), rights };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task CallerWithoutAName_UnderAnyRights_LacksRightsAndSeesNothing(string name, string rights)
    {
        var operation = SetOperation.Of(name);
        await using EverySetHost host = await EverySetHost.StartAsync();
        host.Rights.Allow = Rights[rights];
        IssuedToken target = await host.IssueTargetAsync(operation);
        string state = await host.StateAsync(operation.Set);

        foreach ((Proof proof, string credential) in operation.Set == "amove"
            ? [(Proof.Bearer, host.Jwt(""))]
            : new[] { (Proof.Bearer, host.Jwt("")), (Proof.Cookie, host.CookieOf("")) })
        {
            RawResponse answer = await host.SendAsync(operation, proof, credential, target);

            Assert.AreEqual(operation.RightsMissing, answer.Status, $"{proof}: {answer}");
            Assert.DoesNotContain(target.Plaintext, answer.Body);
            Assert.AreEqual(state, await host.StateAsync(operation.Set), $"{proof}");
        }
    }
}
