using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

/// <summary>A host that has mounted the set under the name "query", and an administrator of it.</summary>
internal sealed class QueryHost(SetHost set) : IAsyncDisposable
{
    public const string Path = "/_/token";
    public const string Realm = "query";

    public SetHost Set => set;

    public TestHost Host => set.Host;

    /// <summary>The administrator's credential.</summary>
    public IssuedToken Admin { get; private set; } = null!;

    public (string Name, string Value) Bearer => ("Authorization", $"Bearer {Admin.Plaintext}");

    public static async Task<QueryHost> StartAsync(Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var query = new QueryHost(await SetHost.StartAsync(
            collection =>
            {
                collection.AddTokenKit().AddQueryTokens(Realm);
                services?.Invoke(collection);
            },
            map ?? (static app => app.MapQueryTokens(Realm))));
        query.Admin = await query.IssueAdminAsync();
        return query;
    }

    public Task<IssuedToken> IssueAdminAsync(TokenExpiry? expiry = null, ScopeSet? scopes = null, string subject = "", string realm = Realm) =>
        Host.IssueAsync(new IssueRequest(realm)
        {
            Kind = QueryTokensDefaults.AdminKind,
            Subject = subject,
            Expiry = expiry ?? TokenExpiry.Default,
            Scopes = scopes,
        });

    /// <summary>Sends a request as the administrator, with a body that nothing labels, as the product's command line does.</summary>
    public Task<Answer> SendAsync(string method, string suffix = "", string? body = null) => set.SendAsync(method, Path + suffix, body, Bearer);

    public Task<Answer> PostAsync(string body) => SendAsync("POST", "", body);

    public Task<Answer> PutAsync(string body) => SendAsync("PUT", "", body);

    /// <summary>The rows of the list.</summary>
    public async Task<JsonElement[]> RowsAsync()
    {
        Answer answer = await SendAsync("GET");
        Assert.AreEqual(200, answer.Status, answer.Text);
        return [.. answer.Json.GetProperty("data").EnumerateArray()];
    }

    /// <summary>The one row of the list.</summary>
    public async Task<JsonElement> RowAsync() => (await RowsAsync()).Single();

    public ValueTask DisposeAsync() => set.DisposeAsync();
}

internal static class Rows
{
    public static string? Text(this JsonElement row, string column) => row.GetProperty(column).GetString();

    public static long Number(this JsonElement row, string column) => row.GetProperty(column).GetInt64();
}
