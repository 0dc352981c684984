using TokenKit;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTokenKit()
    .UseSqlite("Data Source=tokens.db", store => store.MigrateAtStart = true)
    .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
builder.Services.AddAuthentication(ApiTokenDefaults.AuthenticationScheme).AddApiToken("api");

var app = builder.Build();
app.MapGet("/orders", (HttpContext context) => $"The orders of {context.User.Identity!.Name}").RequireAllScopes("orders:read");
await app.StartAsync();

// Issue where your users ask for it; the plaintext is at hand this once.
var result = await app.Services.GetRequiredService<ApiTokens>().IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" });
Console.WriteLine(result is IssueResult.Issued issued ? $"curl -H 'Authorization: Bearer {issued.Plaintext.Reveal()}' {app.Urls.First()}/orders" : result);
await app.WaitForShutdownAsync();
