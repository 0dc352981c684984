using System.Data.Common;
using System.Globalization;
using Dapper;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.TokenApis.Canvus;

namespace TokenKit.SampleHost;

/// <summary>A user of the sample.</summary>
internal sealed record SampleUser(long Id, bool Administrator)
{
    /// <summary>What TokenKit knows the user by.</summary>
    public string Subject => Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// The users of the sample, in a table of the same database as the tokens: what a real host has already. They tell the token APIs which users
/// there are, and that administrators may manage the tokens of any.
/// </summary>
internal sealed class SampleUsers(DbDataSource database) : ICanvusUsers, ITokenCallerRights
{
    public async Task<IReadOnlyList<SampleUser>> SeedAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            CREATE TABLE IF NOT EXISTS sample_user (id INTEGER PRIMARY KEY, administrator INTEGER NOT NULL) STRICT;
            INSERT INTO sample_user (id, administrator) VALUES (1000, 1), (1001, 0) ON CONFLICT (id) DO NOTHING;
            """,
            cancellationToken: cancellationToken));
        IEnumerable<(long Id, long Administrator)> rows = await connection.QueryAsync<(long, long)>(new CommandDefinition(
            "SELECT id, administrator FROM sample_user ORDER BY id",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SampleUser(row.Id, row.Administrator != 0))];
    }

    public async ValueTask<bool> ExistsAsync(string realm, long userId, CancellationToken cancellationToken) =>
        await IsTrueAsync("SELECT EXISTS (SELECT 1 FROM sample_user WHERE id = @userId)", userId, cancellationToken);

    public async ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
        subject is not null
        && (string.Equals(caller.Subject, subject, StringComparison.Ordinal)
            || (long.TryParse(caller.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out long userId)
                && await IsTrueAsync(
                    "SELECT EXISTS (SELECT 1 FROM sample_user WHERE id = @userId AND administrator = 1)", userId, cancellationToken)));

    private async Task<bool> IsTrueAsync(string statement, long userId, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(statement, new { userId }, cancellationToken: cancellationToken));
    }
}
