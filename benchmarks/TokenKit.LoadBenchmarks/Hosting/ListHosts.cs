using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>The server of the lists: all endpoint sets over a file that has its tokens already.</summary>
internal static class ListHosts
{
    public const string Amove = "amove";
    public const string Query = "query";
    public const string Canvus = "canvus";
    public const string VirtuousAI = "virtuousai";

    /// <summary>The user whose tokens are listed. Query's belong to nobody.</summary>
    public const string Subject = "1001";

    /// <summary>A user who has no token but the caller's.</summary>
    public const string OtherSubject = "1002";

    public static async Task RunAsync(string file)
    {
        await using var hosts = new ServedHosts();
        WebApplication host = await hosts.StartAsync(Contender.Lists, services => AddTo(services, file), app =>
        {
            app.MapAmoveTokens(Amove);
            app.MapQueryTokens(Query);
            app.MapCanvusTokens(Canvus);
            app.MapVirtuousAITokens(VirtuousAI);
        });
        hosts.Offer(host, Contender.Lists, []);
        await hosts.ServeAsync();
    }

    /// <summary>Fills a file with the tokens of one set.</summary>
    /// <returns>The plaintexts of a token that may list them, and of one that may list next to nothing. Query's both list all.</returns>
    public static async Task<(string Caller, string Other)> FillAsync(string file, string set, int count, int nameLength)
    {
        using IHost host = await StartAsync(file);
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        string caller = await IssueCallerAsync(tokens, set, Subject);
        string other = await IssueCallerAsync(tokens, set, OtherSubject);
        var listed = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(set) { Subject = set == Query ? "" : Subject, Name = new string('n', nameLength) });
        await host.StopAsync();

        // As many rows by as many transactions would take hours. These differ from the first in nothing but id, name key and sequence.
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM pragma_table_info('tokenkit_token') WHERE name NOT IN ('id', 'name_key', 'sequence')";
        string columns = (string)(await command.ExecuteScalarAsync())!;
#pragma warning disable CA2100 // The names of the table's own columns.
        command.CommandText = $"""
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @count)
            INSERT INTO tokenkit_token (id, {columns})
            SELECT randomblob(16), {columns} FROM tokenkit_token, number WHERE id = @id
            """;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("@count", count - 1);
        command.Parameters.AddWithValue("@id", listed.Token.Id.ToByteArray(bigEndian: true));
        await command.ExecuteNonQueryAsync();
        return (caller, other);
    }

    /// <summary>Issues a token for each of some users, that may list the tokens of its user in a set.</summary>
    /// <returns>Their plaintexts.</returns>
    public static async Task<string[]> IssueCallersAsync(string file, string set, IReadOnlyList<string> subjects)
    {
        using IHost host = await StartAsync(file);
        List<string> callers = [];
        foreach (string subject in subjects)
        {
            callers.Add(await IssueCallerAsync(host.Services.GetRequiredService<ApiTokens>(), set, subject));
        }

        await host.StopAsync();
        return [.. callers];
    }

    private static async Task<IHost> StartAsync(string file)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        AddTo(builder.Services, file);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<string> IssueCallerAsync(ApiTokens tokens, string set, string subject)
    {
        string? kind = set == Query ? QueryTokensDefaults.AdminKind : null;
        var issued = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(set) { Kind = kind, Subject = subject, Name = "caller" });
        return issued.Plaintext.Reveal();
    }

    private static void AddTo(IServiceCollection services, string file)
    {
        services.AddAuthentication();
        services.AddSingleton<ISecretHasher>(new QuickHasher());
        services.AddDataProtection().SetApplicationName("TokenKit.LoadBenchmarks").PersistKeysToFileSystem(new DirectoryInfo($"{file}.keys"));
        TokenKitBuilder builder = services.AddTokenKit().UseFile(file)
            .AddAmoveTokens(Amove)
            .AddQueryTokens(Query)
            .AddCanvusTokens(Canvus)
            .AddVirtuousAITokens(VirtuousAI);
        foreach (string set in (string[])[Amove, Query, Canvus, VirtuousAI])
        {
            builder.AddRealm(set, static realm => realm.MaximumLivingTokens = null);
        }
    }
}
