using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that do not keep names unique, tokens few and numbers apart.</summary>
internal static class Limiting
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("IgnoresNameKeys", "Names_HolderExpired_KeyStaysTaken", () => Keying(_ => null)),
        new("ChecksNamesOfIssuesOnly", "Names_EightUpdatesAtOnce_OneWins", () => Writing(change => change is TokenChange.Update ? WithToken(change, row => row with { NameKey = null }) : change)),
        new("MakesEveryNameUnique", "Names_WithoutKey_AreNotUnique", () => Keying(row => row.NameKey ?? SHA256.HashData(Encoding.UTF8.GetBytes(row.Name)))),
        new("ChecksNamesWithoutLock", "Names_EightWritersAtOnce_OneWins", ChecksNamesWithoutLock),
        new("IgnoresCaps", "Caps_Suspended_Counts", () => Limits((_, _) => null)),
        new("CapsEveryUpdate", "Caps_UpdateOfLivingToken_IsNotLimited", CapsEveryUpdate),
        new("IgnoresCapsOfUpdates", "Caps_UpdateThatRevives_HonoursLimit", () => Limits((change, limit) => change is TokenChange.Update ? null : limit)),
        new("CountsCapsWithoutLock", "Caps_EightWritersAtOnce_LimitIsExact", CountsCapsWithoutLock),
        new("NumbersAllRowsAlike", "Sequence_EightWritersAtOnce_IsNeverShared", () => Numbering((_, _, _) => 1)),
        new("NumbersRowsByCounting", "Sequence_NewestRowDeleted_IsNotUsedAgain", () => Numbering((_, _, count) => count)),
        new("NumbersRowsAnewWhenTheyChange", "Sequence_RowChanged_Stays", () => Numbering((change, sequence, _) => change is TokenChange.Issue ? sequence : sequence + 1)),
    ];

    private static AlteredStore Writing(Func<TokenChange, TokenChange> alter) => new()
    {
        Commit = async (inner, change, cancellationToken) => await inner.CommitAsync(alter(change), cancellationToken),
    };

    private static AlteredStore Keying(Func<StoredToken, byte[]?> nameKey) => Writing(change => WithToken(change, row => row with { NameKey = nameKey(row) }));

    private static AlteredStore Limits(Func<TokenChange, int?, int?> limit) => Writing(change => change switch
    {
        TokenChange.Issue issue => new TokenChange.Issue(issue.ChangeId, issue.Now, issue.Token, limit(issue, issue.LivingTokenLimit), issue.Actor),
        TokenChange.Update update => new TokenChange.Update(update.ChangeId, update.Now, update.Token, limit(update, update.LivingTokenLimit), update.Actor),
        _ => change,
    });

    private static TokenChange WithToken(TokenChange change, Func<StoredToken, StoredToken> alter) => change switch
    {
        TokenChange.Issue issue => new TokenChange.Issue(issue.ChangeId, issue.Now, alter(issue.Token), issue.LivingTokenLimit, issue.Actor),
        TokenChange.Update update => new TokenChange.Update(update.ChangeId, update.Now, alter(update.Token), update.LivingTokenLimit, update.Actor),
        _ => change,
    };

    private static AlteredStore Numbering(Func<TokenChange, long, int, long> number) => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            CommitResult result = await inner.CommitAsync(change, cancellationToken);
            if (result.Token is not StoredToken row)
            {
                return result;
            }

            TokenQuery query = new(row.Realm, SubjectFilter.Any) { IncludeRevoked = true, Limit = TokenQuery.MaximumLimit };
            int count = (await inner.ListAsync(query, cancellationToken)).Tokens.Count;
            return result with { Token = row with { Sequence = number(change, row.Sequence, count) } };
        },
    };

    private static AlteredStore CapsEveryUpdate() => new()
    {
        Commit = async (inner, change, cancellationToken) => change is TokenChange.Update { LivingTokenLimit: not null }
            ? new CommitResult(CommitOutcome.CapReached)
            : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore CountsCapsWithoutLock() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            if (change is not TokenChange.Issue { LivingTokenLimit: int limit } issue)
            {
                return await inner.CommitAsync(change, cancellationToken);
            }

            TokenQuery query = new(issue.Token.Realm, SubjectFilter.For(issue.Token.Subject)) { Kind = issue.Token.Kind };
            int living = (await inner.ListAsync(query, cancellationToken)).Tokens.Count(row => !(row.ExpiresAt <= issue.Now));
            await Task.Delay(20, cancellationToken);
            return living >= limit
                ? new CommitResult(CommitOutcome.CapReached)
                : await inner.CommitAsync(new TokenChange.Issue(issue.ChangeId, issue.Now, issue.Token, livingTokenLimit: null, issue.Actor), cancellationToken);
        },
    };

    private static AlteredStore ChecksNamesWithoutLock()
    {
        ConcurrentDictionary<string, bool> taken = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) =>
            {
                if (change is not TokenChange.Issue { Token.NameKey: byte[] key } issue)
                {
                    return await inner.CommitAsync(change, cancellationToken);
                }

                bool isTaken = taken.ContainsKey(Convert.ToHexString(key));
                await Task.Delay(20, cancellationToken);
                taken[Convert.ToHexString(key)] = true;
                return isTaken
                    ? new CommitResult(CommitOutcome.NameTaken)
                    : await inner.CommitAsync(new TokenChange.Issue(issue.ChangeId, issue.Now, issue.Token with { NameKey = null }, issue.LivingTokenLimit, issue.Actor), cancellationToken);
            },
        };
    }
}
