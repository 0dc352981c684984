using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>Many streams, and readers that do not read.</summary>
[TestClass]
public sealed class StreamLoadTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [TestMethod]
    public async Task Streams_ByTheHundred_AllSayEveryChange()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never, services: static services =>
            services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, static canvus => canvus.Streams.MaximumPerCaller = 250));
        List<OpenStream> streams = [.. await Task.WhenAll(Enumerable.Range(0, 250).Select(_ => canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"))))];
        await Task.WhenAll(streams.Select(stream => stream.ReadLineAsync()));
        foreach (string name in new[] { "first", "second", "third" })
        {
            await canvus.IssueAsync(name, "1001");

            string[] said = await Task.WhenAll(streams.Select(stream => stream.ReadStatesAsync()));

            Assert.IsTrue(said.All(line => line == $"{name}:normal"), name);
        }

        streams.ForEach(stream => stream.Dispose());
    }

    [TestMethod]
    public async Task Reader_ThatDoesNotRead_IsDroppedWithoutHarmToOthers()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services =>
        {
            services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, options =>
            {
                options.Streams.PollInterval = Never;
                options.Streams.WriteTimeout = TimeSpan.FromSeconds(1);
            });

            // The server's own limit would do; the set's has to do without it.
            services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MinResponseDataRate = null);
        });

        // More than the buffers of both sockets take.
        string description = new('€', 10_000);
        for (int i = 0; i < 500; i++)
        {
            await canvus.IssueAsync(description, "1001");
        }

        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(canvus.Host.Address.Host, canvus.Host.Address.Port);
        await slow.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {CanvusHost.PathOf("1001")}?subscribe HTTP/1.1\r\nHost: x\r\nPrivate-Token: {canvus.User.Plaintext}\r\n\r\n"));
        using OpenStream other = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await other.ReadLineAsync();
        await canvus.IssueAsync("new", "1001");
        Assert.AreEqual("new:normal", await other.ReadStatesAsync());

        await CanvusHost.UntilAsync(() => canvus.Host.Logs.Lines.Any(line => line.Contains("a stream was dropped", StringComparison.Ordinal)));

        await canvus.IssueAsync("newer", "1001");
        Assert.AreEqual("newer:normal", await other.ReadStatesAsync());
    }

    [TestMethod]
    public async Task Stream_ThatHasSaidMuch_HoldsOnToNothingOfIt()
    {
        var sent = new ConcurrentQueue<WeakReference>();
        await using CanvusHost canvus = await CanvusHost.StartAsync(map: app =>
        {
            app.Use((context, next) =>
            {
                context.Response.Body = new WitnessedBody(context.Response.Body, sent);
                return next();
            });
            app.MapCanvusTokens(CanvusHost.Realm);
        });
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));

        Assert.AreEqual("user's:normal", await stream.ReadStatesAsync());

        Assert.HasCount(1, sent);
        await CanvusHost.UntilAsync(() =>
        {
            GC.Collect();
            return sent.All(static piece => !piece.IsAlive);
        });
    }

    /// <summary>The body of a response, which remembers weakly what was written to it.</summary>
    private sealed class WitnessedBody(Stream body, ConcurrentQueue<WeakReference> sent) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.IsTrue(MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment));
            sent.Enqueue(new WeakReference(segment.Array));
            return body.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
