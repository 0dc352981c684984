using System.Net;
using System.Net.Http.Headers;
using TokenKit;

// A host that can be compiled ahead of time. It calls itself and ends: 0 when every answer was the right one.
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddTokenKit()
    .UseInMemoryStore()
    .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
builder.Services.AddAuthentication(ApiTokenDefaults.AuthenticationScheme).AddApiToken("api");
builder.Services.AddAuthorization();

await using var app = builder.Build();
app.MapGet("/orders", (HttpContext context) => $"The orders of {context.User.Identity!.Name}").RequireAllScopes("orders:read");
await app.StartAsync();

var tokens = app.Services.GetRequiredService<ApiTokens>();
var issued = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" });
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
HttpStatusCode without = (await client.GetAsync("/orders")).StatusCode;
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.Plaintext.Reveal());
HttpStatusCode with = (await client.GetAsync("/orders")).StatusCode;
await tokens.RevokeAsync("api", issued.Token.Id, SubjectFilter.Any);
HttpStatusCode revoked = (await client.GetAsync("/orders")).StatusCode;

Console.WriteLine($"without a token {(int)without}, with one {(int)with}, revoked {(int)revoked}");
return (without, with, revoked) is (HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized) ? 0 : 1;
