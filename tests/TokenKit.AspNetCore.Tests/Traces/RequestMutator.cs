using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Makes requests of requests: such as a careless client sends, and such as nobody sends by accident.</summary>
internal sealed partial class RequestMutator(Random random)
{
    private static readonly string Emoji = Utf8("😀");

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "QUERY", "get"];

    private static readonly string[] Segments =
    [
        "x", "-1", "0", "007", "1e400", "1.5", "9223372036854775808", "-9223372036854775809", "me", "null", "%2f", "%2e%2e", "..", ".", "",
        "%20", "%00", "%zz", "%", "%ff", "%F0%9F%98%80", "a'b\"c", "a;b=c", "a:b", "00000000-0000-0000-0000-000000000000",
        "{00000000-0000-0000-0000-000000000000}", "0000000000000000000000", new('a', 2_000),
    ];

    private static readonly string[] Parameters =
    [
        "subscribe", "subscribe=", "subscribe=1", "subscribe=true", "subscribe=false", "subscribe=banana", "limit=0", "limit=-1",
        "limit=1e400", "limit=5.0", "limit=%205", "cursor=x", "cursor=%00", "cursor=", "tokenType=PAT", "tokenType=",
        "includeRevoked=maybe", "includeRevoked=on", "exclude_current=2", "exclude_current=no", "name=", "name=%00", "name=%ff",
        "name=%ed%a0%80", "name=%F0%9F%98%80", "name", "id=1", "id=", "token=", "token=x", "token=%00%0d%0a", "page=x", "=", "&&", "%",
        "%zz=%zz", "a=b=c", "+=+", "%F0%9F%98%80=1",
    ];

    private static readonly string[] Names =
    [
        "Accept", "Authorization", "Content-Type", "Cookie", "Expect", "If-None-Match", "Origin", "Private-Token", "Range",
        "Sec-Fetch-Site", "X-API-Key", "X-Forwarded-Prefix", "X-HTTP-Method-Override", "X-More",
    ];

    private static readonly string[] HeaderValues =
    [
        "", " ", "x", "Bearer", "Bearer ", "Bearer x", "bearer  x", "Bearer x y", "Basic eA==", "*/*", "text/html", "application/json",
        "application/json;charset=utf-16", "\"", ",", ";;", "=", "vai_token=", "vai_token=x; vai_token=y", "a=b; c", "null", "cross-site",
        "same-origin", "https://evil.example", "bytes=0-1", "DELETE", "*", "100-continue", new('a', 5_000),
    ];

    private static readonly string[] ContentTypes =
    [
        "", "application/json", "application/json; charset=utf-8", "application/json,application/json", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/vnd.api+json", "nothing", "/", ";",
        "application/json; charset=\"", "application/grpc",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.5", "5.0", "1e2", "1e400", "-1e400", "1E-400", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "99999999999",
        "100000000000", "253402300800000", "\"\"", "\" \"", "\"5\"", "\"-1\"", "\"1e400\"", "\"true\"", "\"null\"", "[]", "{}", "[[]]",
        "{\"a\":1}", "[1,2]", "\"a'\\\"/\\\\%2F<b>\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"",
        "\"\\u001f\\n\\t\"", "\"%00\"", $"\"{Emoji}\"", $"\"{new string('a', 255)}\"", $"\"{new string('a', 256)}\"",
        $"\"{new string('a', 10_000)}\"", $"\"{string.Concat(Enumerable.Repeat(Emoji, 255))}\"", "\"\\u202e\\u200b\\ufeff\"",
        "\"2027-01-01\"", "\"2027-01-01T00:00:00\"", "\"2027-01-01T00:00:00Z\"", "\"2027-01-01T00:00:00.1234567Z\"",
        "\"2027-01-01T00:00:00.12345678Z\"", "\"2027-01-01T00:00:00+14:00\"", "\"2027-01-01T00:00:00+99:00\"", "\"2027-02-29T00:00:00Z\"",
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"",
        "\"10000-01-01T00:00:00Z\"", "\"-0001-01-01T00:00:00Z\"", "\"tomorrow\"", "\"2027-01-01T24:00:00Z\"", "\"20270101T000000Z\"",
        "1632960000", "1632960000000", "01", "+1", ".5", "NaN", "Infinity", "undefined", "'x'", "\"", "",
    ];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "[]", "{}", "\"x\"", "5", "{", "[", "{\"", "{\"a\":", "{}{}", "{},", "\0", "\0\0{}", "\u00EF\u00BB\u00BF{}",
        "\u00FE\u00FF\0{\0}", "name=x&title=x&description=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--x--\r\n",
        "<name>x</name>", "{\"\\ud800\":1}", "{\"name\":\"x\",\"name\":5}", "\u00FF\u00FE", "{\"name\":\"\u00ED\u00A0\u0080\"}",
        new('[', 10_000), string.Concat(Enumerable.Repeat("{\"a\":", 1_000)), new(' ', 65_537), "\"" + new string('a', 65_535),
        new('\u00FF', 3_000),
    ];

    /// <summary>Makes one request of another.</summary>
    /// <param name="request">A request that is HTTP.</param>
    /// <returns>The bytes, and whether they are HTTP that a server has to hand to its application.</returns>
    public (string Bytes, bool IsHttp) Mutate(string request)
    {
        var parts = new RequestParts(request);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            switch (random.Next(12))
            {
                case 0:
                    parts.Method = OneOf(Methods);
                    break;
                case 1:
                    ChangePath(parts);
                    break;
                case 2 or 3:
                    ChangeQuery(parts);
                    break;
                case 4:
                    ChangeHeaders(parts);
                    break;
                case 5:
                    parts.Remove("Content-Type");
                    parts.Headers.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => ("Content-Type", OneOf(ContentTypes))));
                    break;
                case 6 or 7:
                    ChangeBody(parts);
                    break;
                default:
                    ChangeValue(parts);
                    break;
            }
        }

        string bytes = parts.ToBytes();
        return random.Next(12) == 0 ? (Break(bytes, parts), false) : (bytes, parts.IsHttp(bytes));
    }

    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private T OneOf<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private void ChangePath(RequestParts parts)
    {
        List<string> segments = [.. parts.Path.Split('/').Skip(1)];
        int at = random.Next(segments.Count);
        switch (random.Next(5))
        {
            case 0:
                segments.Insert(at, OneOf(Segments));
                break;
            case 1:
                segments.Add(OneOf(Segments));
                break;
            case 2 when segments.Count > 1:
                segments.RemoveAt(segments.Count - 1);
                break;
            case 3:
                segments[at] = string.Concat(segments[at].Select(static unit => string.Create(CultureInfo.InvariantCulture, $"%{(int)unit:x2}")));
                break;
            default:
                segments[^1] = OneOf(Segments);
                break;
        }

        parts.Path = "/" + string.Join('/', segments);
    }

    private void ChangeQuery(RequestParts parts)
    {
        List<string> parameters = [.. parts.Query.Split('&', StringSplitOptions.RemoveEmptyEntries)];
        int at = random.Next(Math.Max(1, parameters.Count));
        switch (random.Next(4))
        {
            case 0 when parameters.Count > 0:
                parameters.RemoveAt(at);
                break;
            case 1 when parameters.Count > 0:
                parameters.Add(parameters[at]);
                break;
            case 2 when parameters.Count > 0:
                parameters[at] = parameters[at].Split('=')[0] + "=" + OneOf(Segments);
                break;
            default:
                parameters.Insert(at == 0 ? 0 : at - 1, OneOf(Parameters));
                break;
        }

        parts.Query = string.Join('&', parameters);
    }

    private void ChangeHeaders(RequestParts parts)
    {
        int at = random.Next(Math.Max(1, parts.Headers.Count));
        switch (random.Next(4))
        {
            case 0 when parts.Headers.Count > 0:
                parts.Headers.RemoveAt(at);
                break;
            case 1 when parts.Headers.Count > 0:
                parts.Headers.Add(parts.Headers[at]);
                break;
            case 2 when parts.Headers.Count > 0:
                parts.Headers[at] = (parts.Headers[at].Name, OneOf(HeaderValues));
                break;
            default:
                parts.Headers.Add((OneOf(Names), OneOf(HeaderValues)));
                break;
        }
    }

    private void ChangeBody(RequestParts parts)
    {
        switch (random.Next(4))
        {
            case 0 when parts.Body.Length > 0:
                parts.Body = parts.Body[..random.Next(parts.Body.Length)];
                break;
            case 1 when parts.Body.Length > 0:
                parts.Body = Flip(parts.Body);
                break;
            case 2:
                parts.Body += OneOf(Bodies);
                break;
            default:
                parts.Body = OneOf(Bodies);
                break;
        }
    }

    private void ChangeValue(RequestParts parts)
    {
        Match[] values = Value().Matches(parts.Body).ToArray();
        if (values.Length == 0)
        {
            string name = OneOf(["name", "title", "description", "expiration_date", "expirationDate", "expiresInDays", "active"]);
            parts.Body = $$"""{"{{name}}":{{OneOf(Values)}}}""";
            return;
        }

        Match value = OneOf(values);
        parts.Body = parts.Body[..value.Index] + OneOf(Values) + parts.Body[(value.Index + value.Length)..];
    }

    private string Flip(string bytes)
    {
        char[] units = bytes.ToCharArray();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            units[random.Next(units.Length)] = (char)random.Next(256);
        }

        return new string(units);
    }

    // What is no HTTP, or says something else about its length than is true.
    private string Break(string bytes, RequestParts parts)
    {
        string body = parts.Body;
        switch (random.Next(7))
        {
            case 0:
                return bytes[..random.Next(1, bytes.Length)];
            case 1:
                return Flip(bytes);
            case 2:
                parts.Headers.Add(("Transfer-Encoding", OneOf(["chunked", "gzip", "chunked, chunked", "identity", ""])));
                return parts.ToBytes();
            case 3:
                parts.Headers.Add(("Content-Length", OneOf(["0", "1", "-1", "x", "99999999999999999999", "70000"])));
                return parts.ToBytes();
            case 4:
                return bytes.Replace(" HTTP/1.1", OneOf([" HTTP/1.0", " HTTP/2.0", "", " http/1.1", " HTTP/1.1 x"]), StringComparison.Ordinal);
            default:
                parts.Remove("Content-Length");
                parts.Headers.Add(("Transfer-Encoding", "chunked"));
                string end = body.Length == 0 ? "" : OneOf(["0\r\n\r\n", "0\r\n", "", "-1\r\n\r\n", "g\r\n"]);
                parts.Body = string.Create(CultureInfo.InvariantCulture, $"{body.Length:x}\r\n{body}\r\n{end}");
                return parts.ToBytes(withLength: false);
        }
    }

    // A name or a value of JSON.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Value();
}
