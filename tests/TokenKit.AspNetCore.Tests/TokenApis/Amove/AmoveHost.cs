using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

/// <summary>A host that has mounted the set under the name "amove" and whose default scheme is JwtBearer.</summary>
internal sealed class AmoveHost(SetHost set) : IAsyncDisposable
{
    public const string Path = "/apitoken";
    public const string Realm = "amove";
    public const string Subject = "1001";

    private const string Issuer = "https://login.example";

    private static readonly SymmetricSecurityKey Key = new(Encoding.UTF8.GetBytes("a key of the host's that signs its JWTs"));

    public SetHost Set => set;

    public TestHost Host => set.Host;

    /// <summary>A host whose JWTs may call.</summary>
    public static Task<AmoveHost> StartAsync(Action<IServiceCollection>? services = null, Action<WebApplication>? map = null) => StartPlainAsync(
        collection =>
        {
            AddServices(collection, TimeProvider.System);
            services?.Invoke(collection);
        },
        map);

    /// <summary>Adds the set, and the JWTs of the host's login as the default scheme.</summary>
    public static void AddServices(IServiceCollection services, TimeProvider clock)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
            jwt.TokenValidationParameters = new TokenValidationParameters
            {
                IssuerSigningKey = Key,
                ValidIssuer = Issuer,
                ValidAudience = Issuer,
                LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
            });
        services.AddTokenKit().AddAmoveTokens(Realm, options => options.AdditionalSchemes.Add(JwtBearerDefaults.AuthenticationScheme));
    }

    /// <summary>A host with whatever schemes it adds.</summary>
    public static async Task<AmoveHost> StartPlainAsync(Action<IServiceCollection> services, Action<WebApplication>? map = null) =>
        new(await SetHost.StartAsync(services, map ?? (static app => app.MapAmoveTokens(Realm))));

    /// <summary>A JWT of the host's login.</summary>
    public static string Jwt(string subject = Subject, string? key = null, TimeSpan? lifetime = null, DateTimeOffset? from = null)
    {
        DateTime expires = (from ?? TimeProvider.System.GetUtcNow()).UtcDateTime + (lifetime ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            Subject = new ClaimsIdentity(subject.Length == 0 ? [] : [new Claim("sub", subject)]),
            NotBefore = expires - TimeSpan.FromDays(1),
            Expires = expires,
            SigningCredentials = new SigningCredentials(key is null ? Key : new(Encoding.UTF8.GetBytes(key)), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>An API token that the host issues.</summary>
    public Task<IssuedToken> IssueAsync(string subject = Subject, string name = "", TokenExpiry? expiry = null, ScopeSet? scopes = null, string realm = Realm) =>
        Host.IssueAsync(new IssueRequest(realm) { Subject = subject, Name = name, Expiry = expiry ?? TokenExpiry.Default, Scopes = scopes });

    /// <summary>Sends a request with a credential in the query.</summary>
    public Task<Answer> SendAsync(string method, string operation, string credential, string? json = null, string more = "") => set.SendAsync(
        method,
        $"{Path}/{operation}?token={credential}{more}",
        json,
        json is null ? [] : [("Content-Type", "application/json")]);

    public Task<Answer> ListAsync(string credential) => SendAsync("GET", "get_all", credential);

    public Task<Answer> InsertAsync(string credential, string json) => SendAsync("POST", "insert", credential, json);

    public Task<Answer> DeleteAsync(string credential, string id) => SendAsync("DELETE", "delete", credential, more: $"&id={id}");

    public ValueTask DisposeAsync() => set.DisposeAsync();
}

internal static class AmoveAnswers
{
    /// <summary>Asserts that an answer is the product's error model with a code, in every part.</summary>
    public static void AssertError(this Answer answer, int status, string code, string what = "")
    {
        Assert.AreEqual(status, answer.Status, $"{what} {answer.Text}");
        Assert.AreEqual("application/problem+json", answer.ContentType, what);
        Assert.AreEqual(code, answer.Header("error-code"), what);
        Assert.AreEqual("no-store, private", string.Join(", ", answer.Header("Cache-Control").Split(", ").Order(StringComparer.Ordinal)), what);
        string text = answer.Json.GetProperty("errors").GetProperty(code)[0].GetString()!;
        Assert.IsNotEmpty(text);
        Assert.AreEqual($$$"""{"type":"{{{code}}}","status":{{{status}}},"errors":{"{{{code}}}":["{{{text}}}"]}}""", answer.Text, what);
    }
}
