using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>Authenticates everybody at the least cost that ASP.NET Core allows: one ticket for all requests.</summary>
internal sealed class NoOpHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "NoOp";

    private static readonly Task<AuthenticateResult> Everybody = Task.FromResult(
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName)));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Everybody;
}

/// <summary>Verifies nothing either, and gives each request the principal that a token gives: made from a record with a Guid, as a token has one.</summary>
internal sealed class PrincipalHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Principal";

    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Caller Somebody = new("", "user 1", "pat", Caller.AllScopes);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
        new AuthenticationTicket(Somebody.ToPrincipal(Id.ToString(), Scheme.Name, ClaimsIssuer), Scheme.Name)));
}
