using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TokenKit.SampleHost;

/// <summary>
/// The JWTs that a login of the sample would give: what a real host has already. They are signed with a key that is drawn at the first start
/// and kept beside the database.
/// </summary>
internal sealed class SampleJwts(SampleOptions options, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    private const string Issuer = "tokenkit-sample";
    private const int KeyBytes = 32;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly SymmetricSecurityKey _key = new(ReadKey(options.JwtKeyFile));

    public string Issue(SampleUser user)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, user.Subject)]),
            NotBefore = now,
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    public void Configure(string? name, JwtBearerOptions jwt)
    {
        // The claims keep their names, and the subject is the user.
        jwt.MapInboundClaims = false;
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            NameClaimType = JwtRegisteredClaimNames.Sub,
        };
    }

    public void Configure(JwtBearerOptions jwt) => Configure(Options.DefaultName, jwt);

    private static byte[] ReadKey(string path)
    {
        byte[] key = PrivateFile.ReadOrCreate(path, RandomNumberGenerator.GetBytes(KeyBytes));
        return key.Length == KeyBytes
            ? key
            : throw new InvalidOperationException($"{path} does not hold the {KeyBytes} bytes of a key. Remove it to have a new one made.");
    }
}
