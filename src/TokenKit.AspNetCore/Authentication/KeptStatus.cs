using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>
/// Keeps the status of an answer. Where a policy names several schemes, each of them challenges in turn and the last would win: a 503
/// would become another scheme's 401, or its redirect to a login page.
/// </summary>
internal sealed class KeptStatus
{
    private int _status;

    /// <summary>Whether a status is kept for a response.</summary>
    public static bool IsSet(HttpResponse response) => response.HttpContext.Features.Get<KeptStatus>() is not null;

    /// <summary>Answers with a status, whatever other schemes set; what is no challenge – a failure, say – stands. Of two that are kept the higher wins: 503 over 400.</summary>
    public static void Set(HttpResponse response, int status)
    {
        response.StatusCode = status;
        if (response.HttpContext.Features.Get<KeptStatus>() is { } kept)
        {
            kept._status = Math.Max(kept._status, status);
            return;
        }

        kept = new KeptStatus { _status = status };
        response.HttpContext.Features.Set(kept);
        response.OnStarting(() =>
        {
            if (IsChallenge(response.StatusCode))
            {
                response.StatusCode = kept._status;
                response.Headers.Remove("Location");
            }

            return Task.CompletedTask;
        });
    }

    // What schemes answer: redirects, 401 and 403, and the two that this class keeps.
    private static bool IsChallenge(int status) => status is (>= 300 and < 400)
        or StatusCodes.Status400BadRequest
        or StatusCodes.Status401Unauthorized
        or StatusCodes.Status403Forbidden
        or StatusCodes.Status503ServiceUnavailable;
}
