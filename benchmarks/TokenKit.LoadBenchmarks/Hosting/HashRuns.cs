using System.Diagnostics.Metrics;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>How many hashes this process has run to verify texts, as TokenKit's meter says. It listens to that one instrument, so no other costs.</summary>
internal sealed class HashRuns : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _toVerify;

    public HashRuns()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "TokenKit", Name: "tokenkit.hash.runs" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "tokenkit.purpose", Value: "verify" })
                {
                    Interlocked.Add(ref _toVerify, count);
                }
            }
        });
        _listener.Start();
    }

    public long ToVerify => Interlocked.Read(ref _toVerify);

    public void Dispose() => _listener.Dispose();
}
