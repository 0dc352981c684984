using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Sends what a case says and compares what comes.</summary>
internal static class TraceRunner
{
    private const string BodyLater = "body later";

    /// <summary>Whether responses that differ are written into the case instead of failing it: <c>TOKENKIT_RECORD_TRACES=1</c>.</summary>
    public static bool Records { get; } = Environment.GetEnvironmentVariable("TOKENKIT_RECORD_TRACES") == "1";

    public static async Task RunAsync(TraceCase trace)
    {
        var set = TraceSet.Of(trace.Set);
        await using TraceHost host = await TraceHost.StartAsync(set, trace.Given);
        RawConnection? open = null;
        List<string> responses = [];
        try
        {
            foreach (TraceStep step in trace.Steps)
            {
                (string came, open) = await DoAsync(host, set, step, open);
                bool isAsExpected = Placeholders.Match(Comparable(step.Response), Comparable(came), host.Values);
                responses.Add(isAsExpected || !Records ? step.Response : Placeholders.Mark(came, host.Values));
                if (!isAsExpected && !Records)
                {
                    Assert.Fail($"{trace}, step {responses.Count}\n--- expected\n{step.Response}\n--- came\n{came}\n---");
                }
            }
        }
        finally
        {
            open?.Dispose();
        }

        Assert.AreEqual("", string.Join(", ", host.Set.Host.Services.GetRequiredService<DescribedSuccesses>().Others), $"{trace}: successes that no route describes");

        if (Records)
        {
            TraceCase.WriteResponses(trace, responses);
        }
    }

    /// <summary>A request as it is sent.</summary>
    public static string Fill(TraceStep step, TraceHost host)
    {
        string bytes = Placeholders.Fill(step.Request, host.Values);
        if (!bytes.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            return bytes.TrimEnd('\r', '\n') + "\r\n\r\n";
        }

        // A wrong length would make the case wait, or its body another request.
        string[] parts = bytes.Split("\r\n\r\n", 2);
        string length = RawResponse.Parse(bytes).Header("Content-Length") ?? parts[1].Length.ToString(CultureInfo.InvariantCulture);
        return length == parts[1].Length.ToString(CultureInfo.InvariantCulture)
            ? bytes
            : throw new FormatException($"Content-Length is {length}, but the body has {parts[1].Length} bytes:\n{bytes}");
    }

    private static async Task<(string Came, RawConnection? Open)> DoAsync(TraceHost host, TraceSet set, TraceStep step, RawConnection? open)
    {
        string[] before = [.. step.Words.TakeWhile(static word => word is not BodyLater)];
        string[] beforeBody = [.. step.Words.Skip(before.Length + 1)];
        bool staysOpen = false;
        foreach (string word in before)
        {
            if (word is "goes on")
            {
                return (await ReadLinesAsync(open!, step.Response), open);
            }

            if (word is "stays open")
            {
                staysOpen = true;
            }
            else
            {
                await HappenAsync(host, set, word);
            }
        }

        RawConnection connection = await RawConnection.OpenAsync(host.Set.Host.Address);
        string request = Fill(step, host);
        if (before.Length < step.Words.Count)
        {
            int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            await connection.SendAsync(request[..head]);
            await connection.ReadContinueAsync();
            foreach (string word in beforeBody)
            {
                await HappenAsync(host, set, word);
            }

            request = request[head..];
        }

        await connection.SendAsync(request);
        if (staysOpen)
        {
            RawResponse head = await connection.ReadHeadAsync() ?? throw new IOException("No response came.");
            return (head + await ReadLinesAsync(connection, RawResponse.Parse(step.Response).Body), connection);
        }

        using (connection)
        {
            RawResponse? response = await connection.ReadAsync(hasBody: !step.Request.StartsWith("HEAD ", StringComparison.Ordinal));
            return (response?.ToString() ?? "", open);
        }
    }

    private static async Task HappenAsync(TraceHost host, TraceSet set, string word)
    {
        if (word.StartsWith("at ", StringComparison.Ordinal))
        {
            host.Clock.AdjustTime(DateTimeOffset.Parse(word[3..], CultureInfo.InvariantCulture));
        }
        else
        {
            await host.MakeAsync(set, word);
        }
    }

    // As many lines as must come.
    private static async Task<string> ReadLinesAsync(RawConnection connection, string expected)
    {
        List<string> lines = [];
        foreach (string line in expected.Split("\r\n"))
        {
            lines.Add(await StreamLine.ReadAsync(connection, line));
        }

        return string.Join("\r\n", lines);
    }

    // Headers may come in any order.
    private static string Comparable(string response)
    {
        if (!response.StartsWith("HTTP/", StringComparison.Ordinal))
        {
            return string.Join("\r\n", response.Split("\r\n").Select(JsonText.Canonical));
        }

        var parsed = RawResponse.Parse(response);
        string[] bodies = parsed.Header("Transfer-Encoding") is null ? [parsed.Body] : parsed.Body.Split("\r\n");
        return string.Join(
            "\n",
            [
                parsed.StatusLine,
                .. parsed.Headers.Select(static header => $"{header.Name}: {header.Value}").Order(StringComparer.OrdinalIgnoreCase),
                .. bodies.Select(JsonText.Canonical),
            ]);
    }
}
