using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenKit.AspNetCore.Diagnostics;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>What happens around every operation of every set: first the caller and its rights, then the operation, then its answer.</summary>
internal static class TokenApiPipeline
{
    public static async Task RunAsync(HttpContext context, TokenApi set, TokenApiOperation operation)
    {
        TokenApiResponse answer;
        var list = new ListSending(context);
        try
        {
            answer = await DecideAsync(context, set, operation).ConfigureAwait(false);
            if (answer.List is { } write)
            {
                if (await list.SendAsync(answer, write).ConfigureAwait(false) is not { } whole)
                {
                    return;
                }

                answer = whole;
            }
        }
        catch (CallerEndedException exception)
        {
            answer = set.Say(exception.Outcome);
        }
        catch (TokenStoreException exception)
        {
            // A store that is too busy says so itself, once for all calls.
            if (exception.RetryAfter is null)
            {
                Log.StoreFailed(LoggerOf(context), exception, set.Name);
            }

            answer = set.Say(TokenApiOutcome.Unavailable, retryAfter: exception.RetryAfter);
        }
#pragma warning disable CA1031 // Whatever goes wrong, the product's clients get an answer of the product's, without any detail.
        catch (Exception exception) when (!HasHungUp(exception, context))
#pragma warning restore CA1031
        {
            Log.OperationFailed(LoggerOf(context), exception, set.Name);
            answer = set.Say(TokenApiOutcome.Failed);
        }

        // The head is sent, so it is too late to say what went wrong: the broken connection says that the list is not whole.
        if (list.HasBegun)
        {
            Log.ListBrokenOff(LoggerOf(context), set.Name);
            context.Abort();
            return;
        }

        await SendAsync(context, answer).ConfigureAwait(false);
        if (answer.Stream is { } stream)
        {
            await GoOnAsync(context, set, stream).ConfigureAwait(false);
        }
    }

    public static Task SendAsync(HttpContext context, TokenApiResponse answer)
    {
        // The host's pages for empty answers are not the product's.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        return answer.SendAsync(context.Response);
    }

    // As of a list: only the broken connection can say that something went wrong.
    private static async Task GoOnAsync(HttpContext context, TokenApi set, TokenApiStream stream)
    {
        try
        {
            await stream.SendAsync(context.Response).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.StreamDropped(LoggerOf(context), set.Name);
            context.Abort();
        }
#pragma warning disable CA1031 // As above: no detail leaves the host.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.OperationFailed(LoggerOf(context), exception, set.Name);
            context.Abort();
        }
    }

    private static async Task<TokenApiResponse> DecideAsync(HttpContext context, TokenApi set, TokenApiOperation operation)
    {
        long judgedAt = context.RequestServices.GetRequiredService<TimeProvider>().GetTimestamp();
        CallerResolution resolution = await set.Callers(context, set).ConfigureAwait(false);
        if (resolution.Caller is not { } caller)
        {
            return set.Say(resolution.Problem);
        }

        // Only a token may belong to nobody.
        if (caller.Subject.Length == 0 ? caller.Token is null : !CanOwnTokens(caller.Subject))
        {
            return set.Say(TokenApiOutcome.RightsMissing);
        }

        if (resolution.IsAttachedByBrowser && !CrossSiteRule.Allows(context.Request))
        {
            return set.Say(TokenApiOutcome.CrossSiteWrite);
        }

        var call = new TokenApiCall(context, set, caller, resolution.ExpiresAt, judgedAt);
        return await set.Rights(call).ConfigureAwait(false)
            ? await operation(call).ConfigureAwait(false)
            : set.Say(TokenApiOutcome.RightsMissing);
    }

    // A scheme of the host may know callers by names that no token can have.
    private static bool CanOwnTokens(string subject)
    {
        try
        {
            return SubjectFilter.Is(subject) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Nobody is there to be answered; the server and the host's middleware know the exception.
    private static bool HasHungUp(Exception exception, HttpContext context) =>
        exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested;

    private static ILogger LoggerOf(HttpContext context) => context.RequestServices.GetRequiredService<ILogger<TokenApi>>();
}
