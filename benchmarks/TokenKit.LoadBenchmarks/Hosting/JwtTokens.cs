using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>JWTs with the claims of a token, and the handler that Microsoft ships for them.</summary>
internal sealed class JwtTokens
{
    private const string Issuer = "https://issuer.example";

    private readonly SigningCredentials _signing;
    private readonly SecurityKey _verifying;

    private JwtTokens(SecurityKey signing, SecurityKey verifying, string algorithm) =>
        (_signing, _verifying) = (new SigningCredentials(signing, algorithm), verifying);

    public static JwtTokens WithSharedKey()
    {
        var key = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
        return new JwtTokens(key, key, SecurityAlgorithms.HmacSha256);
    }

    public static JwtTokens WithKeyPair()
    {
#pragma warning disable CA2000 // As long as the process.
        var pair = RSA.Create(2048);
        var publicKey = RSA.Create(pair.ExportParameters(includePrivateParameters: false));
#pragma warning restore CA2000
        return new JwtTokens(new RsaSecurityKey(pair), new RsaSecurityKey(publicKey), SecurityAlgorithms.RsaSha256);
    }

    public string Issue(Caller caller) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Caller.Realm,
        Expires = DateTime.UtcNow.AddDays(1),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = caller.Subject, ["jti"] = caller.Id, [ApiTokenDefaults.KindClaimType] = caller.Kind, ["scope"] = caller.Scopes,
        },
        SigningCredentials = _signing,
    });

    // Without the mapping of claim names, which would only cost more.
    public void AddTo(IServiceCollection services) => services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Caller.Realm,
            IssuerSigningKey = _verifying,
            NameClaimType = "sub",
            RoleClaimType = ClaimsIdentity.DefaultRoleClaimType,
        };
    });
}
