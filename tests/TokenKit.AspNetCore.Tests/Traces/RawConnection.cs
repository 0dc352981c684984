using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>A connection that sends bytes as they are, and reads responses as they come. All text is Latin-1: one character a byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private string _unread = "";
    private string _decoded = "";
    private bool _isChunked;
    private bool _hasEnded;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return new RawConnection(client);
    }

    public async Task SendAsync(string bytes) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes)).AsTask().WaitAsync(Patience);

    /// <summary>Waits until the server asks for the body of a request that says <c>Expect: 100-continue</c>. It has judged the head by then.</summary>
    /// <exception cref="IOException">It answered without the body.</exception>
    public async Task ReadContinueAsync()
    {
        const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
        while (_unread.Length < Continue.Length && await ReceiveAsync())
        {
        }

        if (!_unread.StartsWith(Continue, StringComparison.Ordinal))
        {
            throw new IOException($"The body was not asked for: {_unread}");
        }

        Take(ref _unread, Continue.Length);
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other end has closed already; what it said is still to be read.
        }
    }

    /// <summary>Reads a whole response.</summary>
    /// <param name="hasBody">False after a HEAD, whose response ends with its head.</param>
    /// <returns>The response; null when the connection was closed before one came.</returns>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<RawResponse?> ReadAsync(bool hasBody = true) =>
        await ReadHeadAsync() is { } head ? await ReadBodyAsync(head, hasBody) : null;

    /// <summary>Reads what follows a head, to its end.</summary>
    public async Task<RawResponse> ReadBodyAsync(RawResponse head, bool hasBody = true)
    {
        if (!hasBody || head.Status is 204 or 304)
        {
            return head;
        }

        if (_isChunked)
        {
            while (await ReadChunkAsync())
            {
            }

            return head with { Body = Take(ref _decoded, _decoded.Length) };
        }

        if (head.Header("Content-Length") is { } length)
        {
            return head with { Body = await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture)) };
        }

        while (await ReceiveAsync())
        {
        }

        return head with { Body = Take(ref _unread, _unread.Length) };
    }

    /// <summary>Reads the head of a response. What follows is read line by line.</summary>
    public async Task<RawResponse?> ReadHeadAsync()
    {
        int end;
        while ((end = _unread.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await ReceiveAsync())
            {
                return _unread.Length == 0 ? null : throw new IOException($"The head broke off: {_unread}");
            }
        }

        var response = RawResponse.Parse(Take(ref _unread, end + 4)[..^4]);
        if (response.Status == 100)
        {
            return await ReadHeadAsync();
        }

        _isChunked = response.Header("Transfer-Encoding") is not null;
        _hasEnded = false;
        return response;
    }

    /// <summary>Reads a line of a chunked body, without its LF.</summary>
    /// <returns>The line; null when the body has ended.</returns>
    public async Task<string?> ReadLineAsync()
    {
        int end;
        while ((end = _decoded.IndexOf('\n', StringComparison.Ordinal)) < 0)
        {
            if (!await ReadChunkAsync())
            {
                return _decoded.Length == 0 ? null : throw new IOException($"The line broke off: {_decoded}");
            }
        }

        return Take(ref _decoded, end + 1)[..^1];
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private static string Take(ref string text, int count)
    {
        string taken = text[..count];
        text = text[count..];
        return taken;
    }

    private async Task<bool> ReadChunkAsync()
    {
        if (_hasEnded)
        {
            return false;
        }

        int end;
        while ((end = _unread.IndexOf("\r\n", StringComparison.Ordinal)) < 0)
        {
            await ReceiveMoreAsync();
        }

        int length = int.Parse(Take(ref _unread, end + 2).AsSpan()[..^2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        string chunk = await ReadExactlyAsync(length + 2);
        _decoded += chunk[..^2];
        _hasEnded = length == 0;
        return !_hasEnded;
    }

    private async Task<string> ReadExactlyAsync(int count)
    {
        while (_unread.Length < count)
        {
            await ReceiveMoreAsync();
        }

        return Take(ref _unread, count);
    }

    private async Task ReceiveMoreAsync()
    {
        if (!await ReceiveAsync())
        {
            throw new IOException($"The body broke off: {_unread}");
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        int count = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(Patience);
        _unread += Encoding.Latin1.GetString(_buffer, 0, count);
        return count > 0;
    }
}

/// <summary>A response as it came, its body without the framing.</summary>
internal sealed record RawResponse(string StatusLine, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public int Status => int.Parse(StatusLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Whether it has no body, and after HEAD would have none.</summary>
    public bool IsEmpty => Body.Length == 0 && Header("Content-Length") == "0";

    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                return JsonElement.Parse(Encoding.Latin1.GetBytes(Body));
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The lines of a header, joined; null when there is none.</summary>
    public string? Header(string name)
    {
        string[] values = [.. Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
        return values.Length == 0 ? null : string.Join(" | ", values);
    }

    /// <summary>Reads a head, and the body after it if there is one.</summary>
    public static RawResponse Parse(string text)
    {
        string[] parts = text.Split("\r\n\r\n", 2);
        string[] lines = parts[0].Split("\r\n");
        return new RawResponse(
            lines[0],
            [
                .. lines.Skip(1)
                    .Where(static line => line.Length > 0)
                    .Select(static line => line.Split(": ", 2))
                    .Select(static line => (line[0], line.Length > 1 ? line[1] : "")),
            ],
            parts.Length > 1 ? parts[1] : "");
    }

    public override string ToString() => string.Join("\r\n", [StatusLine, .. Headers.Select(static header => $"{header.Name}: {header.Value}"), "", Body]);
}
