using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.SampleHost;

var builder = WebApplication.CreateBuilder(args);
SampleOptions options = SampleOptions.From(builder.Configuration);
builder.WebHost.UseUrls(options.Urls);

// The framework's own request lines hold the query string, and one published API carries its credential there. So do those that the server
// cannot read. Who adds HTTP logging, or puts a proxy before the host, keeps the query out of those logs too.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information);

// One database for the host's users and its tokens.
builder.Services.AddSingleton(options);
builder.Services.AddSingleton(SqliteFactory.Instance.CreateDataSource(options.ConnectionString));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<SampleUsers>();
builder.Services.AddSingleton<ITokenCallerRights>(services => services.GetRequiredService<SampleUsers>());
builder.Services.AddSingleton<ICanvusUsers>(services => services.GetRequiredService<SampleUsers>());

// The host's own JWTs, which one published API takes in its query.
builder.Services.AddSingleton<SampleJwts>();
builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>>(services => services.GetRequiredService<SampleJwts>());
builder.Services.AddAuthentication().AddJwtBearer();

// Two of the APIs show tokens again. The name keeps the copies readable when the sample is run from another folder.
builder.Services.AddDataProtection()
    .SetApplicationName("TokenKit.SampleHost")
    .PersistKeysToFileSystem(PrivateFile.CreateFolder(options.KeyRing));

TokenKitBuilder tokenKit = builder.Services.AddTokenKit()
    .UseSqlite(options.ConnectionString, store => store.MigrateAtStart = true)
    .UseDataProtection()
    .AddAmoveTokens(SampleHostRealms.Amove, amove => amove.AdditionalSchemes.Add(JwtBearerDefaults.AuthenticationScheme))
    .AddCanvusTokens(SampleHostRealms.Canvus, canvus => canvus.Streams.MaximumPerCaller = options.Streams ?? canvus.Streams.MaximumPerCaller)
    .AddQueryTokens(SampleHostRealms.Query)
    .AddVirtuousAITokens(SampleHostRealms.VirtuousAI);
if (options.Hasher == SampleHasher.Konscious)
{
    tokenKit.UseKonsciousArgon2();
}

builder.Services.AddHostedService<Bootstrap>();

await using var app = builder.Build();

app.MapAmoveTokens(SampleHostRealms.Amove);
app.MapCanvusTokens(SampleHostRealms.Canvus);
app.MapQueryTokens(SampleHostRealms.Query);
app.MapVirtuousAITokens(SampleHostRealms.VirtuousAI);

app.MapGet("/", StartPage.Show);

// An endpoint of the host's own: whoever has a token of any of the realms learns whose it is.
app.MapGet("/whoami", (HttpContext context) => context.User.Identity!.Name ?? "nobody")
    .RequireAuthorization(policy => policy.AddAuthenticationSchemes(SampleHostRealms.All).RequireAuthenticatedUser());

await app.RunAsync();
