using Microsoft.Data.Sqlite;
using TokenKit;
using TokenKit.SampleHost;

var builder = WebApplication.CreateBuilder(args);
SampleOptions options = SampleOptions.From(builder.Configuration);
builder.WebHost.UseUrls(options.Urls);

// The framework's own request lines hold the query string, and one published API carries its credential there.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

// One database for the host's users and its tokens.
var database = SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder { DataSource = options.Database }.ToString());
builder.Services.AddSingleton(options);
builder.Services.AddSingleton(database);
builder.Services.AddSingleton<SampleUsers>();

builder.Services.AddTokenKit()
    .UseSqlite(database, store => store.MigrateAtStart = true)
    .AddVirtuousAITokens(SampleHostRealms.VirtuousAI);

builder.Services.AddHostedService<Bootstrap>();

await using var app = builder.Build();

app.MapVirtuousAITokens(SampleHostRealms.VirtuousAI);

// An endpoint of the host's own: whoever has a token learns whose it is.
app.MapGet("/whoami", (HttpContext context) => context.User.Identity!.Name)
    .RequireAuthorization(policy => policy.AddAuthenticationSchemes(SampleHostRealms.VirtuousAI).RequireAuthenticatedUser());

await app.RunAsync();
