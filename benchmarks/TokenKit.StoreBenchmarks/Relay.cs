using System.Net;
using System.Net.Sockets;

namespace TokenKit.StoreBenchmarks;

/// <summary>Stands between clients and a server's socket, and makes each round trip longer.</summary>
/// <remarks>All of the delay is added on the way to the server, because no thread sleeps for less than a millisecond.</remarks>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _socketFile;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    public Relay(string socketFile, TimeSpan delay)
    {
        (_socketFile, _delay) = (socketFile, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_socketFile));
                client.NoDelay = true;

                // Threads of their own: timers of the runtime are too coarse.
                new Thread(() => Pass(client, server, _delay)) { IsBackground = true }.Start();
                new Thread(() => Pass(server, client, TimeSpan.Zero)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    // A request and its answer are small: each arrives in one piece.
    private static void Pass(Socket from, Socket to, TimeSpan delay)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (from.Receive(buffer) is var length and > 0)
            {
                Thread.Sleep(delay);
                to.Send(buffer.AsSpan(0, length));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side has gone.
        }

        to.Dispose();
    }
}
