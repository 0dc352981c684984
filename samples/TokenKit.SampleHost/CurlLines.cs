namespace TokenKit.SampleHost;

/// <summary>What the console shows to try: lines that work when pasted, and that read the credential from the bootstrap file instead of showing it.</summary>
internal static class CurlLines
{
    public static string For(string baseUrl, string bootstrapFile)
    {
        string tokens = $"{baseUrl}/api/v1/access-tokens";
        return $"""

            TokenKit's sample host listens on {baseUrl}. Its credentials are in {bootstrapFile}

            TOKEN=$(jq -r '.users[0].virtuousai' {Quote(bootstrapFile)})
            curl -sS -H "Authorization: Bearer $TOKEN" {baseUrl}/whoami
            curl -sS -H "Authorization: Bearer $TOKEN" {tokens}
            curl -sS -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"{"}"name":"CI","expiresInDays":30{"}"}' {tokens}
            curl -sS -H "Authorization: Bearer $TOKEN" -X DELETE '{tokens}?exclude_current=true'

            """;
    }

    // A path is one word to the shell, whatever is in it.
    private static string Quote(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
