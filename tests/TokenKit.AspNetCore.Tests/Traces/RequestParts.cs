using System.Globalization;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>A request in the parts that are changed one by one.</summary>
internal sealed class RequestParts
{
    // What Kestrel reads at most, with something to spare.
    private const int LongestLine = 8_000;
    private const int LongestHead = 30_000;

    private readonly string? _host;

    public RequestParts(string request)
    {
        string[] sections = request.Split("\r\n\r\n", 2);
        string[] lines = sections[0].Split("\r\n");
        string[] first = lines[0].Split(' ');
        string[] target = first[1].Split('?', 2);
        Method = first[0];
        Path = target[0];
        Query = target.Length > 1 ? target[1] : "";
        Headers = [.. lines.Skip(1).Select(static line => line.Split(": ", 2)).Select(static line => (line[0], line.Length > 1 ? line[1] : ""))];
        Body = sections[1];
        _host = HostOf();
    }

    public string Method { get; set; }

    public string Path { get; set; }

    public string Query { get; set; }

    public List<(string Name, string Value)> Headers { get; }

    public string Body { get; set; }

    public void Remove(string header) => Headers.RemoveAll(line => line.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    /// <summary>The request as it is sent, with the length that its body has now.</summary>
    public string ToBytes(bool withLength = true)
    {
        bool isChunked = Headers.Exists(static line => line.Name == "Transfer-Encoding");
        bool hasLength = Headers.Exists(static line => line.Name == "Content-Length");
        IEnumerable<(string Name, string Value)> headers = Headers.Where(static line => line.Name != "Content-Length");
        if (withLength && !isChunked && (hasLength || Body.Length > 0))
        {
            headers = headers.Append(("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture)));
        }

        string target = Query.Length == 0 ? Path : $"{Path}?{Query}";
        return string.Join("\r\n", [$"{Method} {target} HTTP/1.1", .. headers.Select(static line => $"{line.Name}: {line.Value}"), "", Body]);
    }

    /// <summary>Whether a server has to hand the request to its application, and not to refuse it as no HTTP.</summary>
    public bool IsHttp(string bytes)
    {
        int end = bytes.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < LongestHead
            && bytes.IndexOf("\r\n", StringComparison.Ordinal) < LongestLine
            && !bytes.AsSpan(0, end).ContainsAnyExceptInRange('\n', '~')
            && !Path.Contains("%00", StringComparison.OrdinalIgnoreCase)
            && _host is not null
            && HostOf() == _host
            && !Headers.Exists(static line => line.Name == "Transfer-Encoding")
            && Headers.Count(static line => line.Name == "Content-Length") < 2;
    }

    private string? HostOf() => Headers.Where(static line => line.Name == "Host").ToArray() is [var only] ? only.Value : null;
}
