using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit;

// Issues and verifies one token, then prints the version of each assembly that did the work: `.ci/floors` compares them.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Services.AddTokenKit()
    .UseInMemoryStore()
    .AddRealm("api", realm => { realm.Prefix = "acme"; realm.IssuedScopes = ScopeSet.Create("orders:read"); });
using IHost host = builder.Build();
await host.StartAsync();

var tokens = host.Services.GetRequiredService<ApiTokens>();
var issued = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" });
VerificationResult result = await tokens.VerifyAsync("api", issued.Plaintext.Reveal());
await host.StopAsync();

foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
{
    string? version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    Console.WriteLine($"loaded {assembly.GetName().Name} {version?.Split('+')[0]}");
}

return result is VerificationResult.Valid ? 0 : 1;
