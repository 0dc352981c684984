using Microsoft.AspNetCore.Http;
using TokenKit.AspNetCore.TokenApis;

namespace TokenKit.AspNetCore.Tests.TokenApis;

[TestClass]
public sealed class CrossSiteRuleTests
{
    [TestMethod]
    [DataRow("https://app.example", "https", "app.example", true)]
    [DataRow("https://APP.example", "https", "app.example", true)]
    [DataRow("https://app.example", "https", "app.example:443", true)]
    [DataRow("https://app.example:443", "https", "app.example", true)]
    [DataRow("http://app.example", "http", "app.example:80", true)]
    [DataRow("https://app.example:8443", "https", "app.example:8443", true)]
    [DataRow("http://[::1]:5000", "http", "[::1]:5000", true)]
    [DataRow("http://app.example", "https", "app.example", false)]
    [DataRow("https://app.example", "http", "app.example", false)]
    [DataRow("https://app.example:8443", "https", "app.example", false)]
    [DataRow("https://app.example:80", "https", "app.example", false)]
    [DataRow("https://evil.example", "https", "app.example", false)]
    [DataRow("https://app.example.evil.example", "https", "app.example", false)]
    [DataRow("https://app.example@evil.example", "https", "app.example", false)]
    [DataRow("null", "https", "app.example", false)]
    [DataRow("app.example", "https", "app.example", false)]
    public void Write_WithAnOrigin_IsAllowedFromTheSameOneOnly(string origin, string scheme, string host, bool isAllowed)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = ("DELETE", scheme, new HostString(host));
        request.Headers.Origin = origin;
        Assert.AreEqual(isAllowed, CrossSiteRule.Allows(request));
    }
}
