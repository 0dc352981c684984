using System.Net.Http.Headers;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>Reads answers the way the tests compare them.</summary>
internal static class Answers
{
    public static int Status(this HttpResponseMessage response) => (int)response.StatusCode;

    /// <summary>A header's lines as they were sent; null when there is none.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? string.Join(" | ", values) : null;

    public static string? Challenge(this HttpResponseMessage response) => response.Header("WWW-Authenticate");

    public static string? CacheControl(this HttpResponseMessage response) => response.Header("Cache-Control");
}
