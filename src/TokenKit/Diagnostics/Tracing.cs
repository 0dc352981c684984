using System.Diagnostics;

namespace TokenKit.Diagnostics;

/// <summary>The activity source "TokenKit". Names are documented in <c>docs/observability.md</c>.</summary>
internal static class Tracing
{
    public const string SourceName = "TokenKit";

    public static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartVerification() => Source.StartActivity("tokenkit.verify");

    public static void EndVerification(Activity? activity, string realm, VerificationResult result)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        activity.SetTag(TagNames.Realm, realm);
        activity.SetTag(TagNames.Outcome, TagNames.For(result));
        switch (result)
        {
            case VerificationResult.Valid valid:
                activity.SetTag(TagNames.TokenId, valid.Token.Id.ToString());
                break;
            case VerificationResult.Refused refused:
                // Before possession is proved there is no id, and no such tag.
                activity.SetTag(TagNames.Reason, TagNames.For(refused.Reason));
                activity.SetTag(TagNames.TokenId, refused.TokenId?.ToString());
                break;
            default:
                activity.SetStatus(ActivityStatusCode.Error);
                break;
        }
    }
}
