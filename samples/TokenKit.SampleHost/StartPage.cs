using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Hosting.Server;

namespace TokenKit.SampleHost;

/// <summary>The page at <c>/</c>: the token APIs, and what to paste to try them. It shows no credential, only where they are.</summary>
internal static class StartPage
{
    public static IResult Show(IServer server, SampleOptions options)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        IEnumerable<string> sets = CurlLines.For(ServerAddress.Of(server), options.BootstrapFile)
            .Select(set => $"<h2>{html.Encode(set.Title)}</h2>\n<pre>{string.Join('\n', set.Lines.Split('\n').Select(html.Encode))}</pre>");
        return Results.Content(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>TokenKit's sample host</title></head>
            <body>
            <h1>TokenKit's sample host</h1>
            <p>Four published token APIs on one database. Their credentials are in {html.Encode(options.BootstrapFile)}.
            The lines need bash, curl and jq.</p>
            {string.Join('\n', sets)}
            </body>
            </html>
            """,
            "text/html; charset=utf-8");
    }
}
