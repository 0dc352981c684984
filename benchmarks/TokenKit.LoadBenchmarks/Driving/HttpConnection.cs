using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenKit.LoadBenchmarks.Driving;

/// <summary>One kept-alive connection of HTTP/1.1 on which a thread asks and waits, at the cost of two system calls.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = 30_000,
        SendTimeout = 30_000,
    };

    private readonly byte[] _buffer = new byte[4096];
    private int _bodyStart;
    private int _length;

    public HttpConnection(int port) => _socket.Connect(IPAddress.Loopback, port);

    /// <summary>The body of the last answer.</summary>
    public string Body => Encoding.ASCII.GetString(_buffer, _bodyStart, _length - _bodyStart);

    /// <summary>A request, as it goes over the wire.</summary>
    public static byte[] Request(string? credential) => Request("GET /", credential);

    /// <summary>A request without a body, of any method and path.</summary>
    public static byte[] Request(string methodAndPath, string? credential) => Encoding.ASCII.GetBytes(
        $"{methodAndPath} HTTP/1.1\r\nHost: localhost\r\n{(credential is null ? "" : $"Authorization: Bearer {credential}\r\n")}\r\n");

    /// <summary>The requests for a contender, one per credential.</summary>
    public static byte[][] Requests(Contender contender) =>
        contender.Credentials.Length == 0 ? [Request(credential: null)] : [.. contender.Credentials.Select(Request)];

    /// <summary>Sends a request and reads the answer, which has a Content-Length.</summary>
    /// <returns>Its status.</returns>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        _socket.Send(request);
        for (_length = 0, _bodyStart = int.MaxValue; ;)
        {
            int received = _socket.Receive(_buffer.AsSpan(_length));
            if (received == 0)
            {
                throw new IOException("The server has closed the connection.");
            }

            _length += received;
            ReadOnlySpan<byte> answer = _buffer.AsSpan(0, _length);
            int head = answer.IndexOf("\r\n\r\n"u8);
            if (head >= 0 && _length == head + 4 + ContentLength(answer[..(head + 2)]))
            {
                _bodyStart = head + 4;
                return int.Parse(answer.Slice("HTTP/1.1 ".Length, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        ReadOnlySpan<byte> value = head[(head.IndexOf(name) + name.Length)..];
        return int.Parse(value[..value.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
