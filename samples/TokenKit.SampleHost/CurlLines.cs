namespace TokenKit.SampleHost;

/// <summary>A token API of the sample, with lines that show it at work.</summary>
internal sealed record SetLines(string Title, string Lines);

/// <summary>
/// What there is to try: lines that work when pasted into bash, one by one or all at once, and that read the credential from the bootstrap file
/// instead of showing it.
/// </summary>
internal static class CurlLines
{
    public static IReadOnlyList<SetLines> For(string baseUrl, string bootstrapFile)
    {
        string file = Quote(bootstrapFile);
        string bearer = """-H "Authorization: Bearer $TOKEN" """.TrimEnd();
        string tokens = $"{baseUrl}{VirtuousAITokensDefaults.Pattern}";
        string canvus = $"{baseUrl}{CanvusTokensDefaults.Pattern}/1001/access-tokens";
        string query = $"{baseUrl}{QueryTokensDefaults.Pattern}";
        string amove = $"{baseUrl}{AmoveTokensDefaults.Pattern}";
        return
        [
            new($"VirtuousAI: {VirtuousAITokensDefaults.Pattern}", $$"""
                TOKEN=$(jq -r '.users[0].virtuousai' {{file}})
                curl -sS {{bearer}} {{baseUrl}}/whoami
                curl -sS {{bearer}} {{tokens}}
                curl -sS {{bearer}} -H 'Content-Type: application/json' -d '{"name":"CI","expiresInDays":30}' {{tokens}}
                curl -sS {{bearer}} -X DELETE '{{tokens}}?exclude_current=true'
                """),
            new($"Canvus: {CanvusTokensDefaults.Pattern}/{{id}}/access-tokens", $$"""
                TOKEN=$(jq -r '.users[1].canvus' {{file}})
                curl -sS -H "Private-Token: $TOKEN" {{canvus}}
                ID=$(curl -sS -H "Private-Token: $TOKEN" -d '{"description":"Second token"}' {{canvus}} | jq -r .id)
                curl -sS -H "Private-Token: $TOKEN" -X PATCH -d '{"description":"Updated description"}' {{canvus}}/$ID
                curl -sS -H "Private-Token: $TOKEN" {{canvus}}/$ID
                curl -sN -m 2 -H "Private-Token: $TOKEN" '{{canvus}}?subscribe' || true
                curl -sS -H "Private-Token: $TOKEN" -X DELETE {{canvus}}/$ID
                """),
            new($"Query: {QueryTokensDefaults.Pattern}", $$"""
                TOKEN=$(jq -r '.users[0].query' {{file}})
                curl -sS {{bearer}} -d '{"name":"example","write":false}' {{query}}
                curl -sS {{bearer}} {{query}}
                curl -sS {{bearer}} '{{query}}/value?name=example'
                curl -sS {{bearer}} -X PUT -d '{"name":"example","write":true}' {{query}}
                curl -sS {{bearer}} -X DELETE -d '{"name":"example"}' {{query}}
                """),
            new($"Amove: {AmoveTokensDefaults.Pattern}", $$"""
                TOKEN=$(jq -r '.users[1].amove' {{file}})
                JWT=$(jq -r '.users[1].jwt' {{file}})
                ID=$(curl -sS -H 'Content-Type: application/json' -d '{"title":"CI pipeline"}' "{{amove}}/insert?token=$JWT" | jq -r .id)
                curl -sS "{{amove}}/get_all?token=$JWT"
                curl -sS "{{amove}}/get_all?token=$TOKEN"
                curl -sS -X DELETE "{{amove}}/delete?id=$ID&token=$TOKEN"
                """),
        ];
    }

    // A path is one word to the shell, whatever is in it.
    private static string Quote(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
