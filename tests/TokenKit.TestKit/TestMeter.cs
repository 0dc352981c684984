using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TokenKit.TestKit;

/// <summary>Adds up what one host's meter counts. Every count is also kept with its tags.</summary>
public sealed class TestMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, long Value, string Tags)> _counts = new();
    private readonly ConcurrentDictionary<string, double> _lastOf = new();

    public TestMeter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == "TokenKit")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _counts.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _lastOf[instrument.Name] = value);
        _listener.Start();
    }

    public long Count(string name, string tag = "") =>
        _counts.Where(count => count.Name == name && count.Tags.Contains(tag, StringComparison.Ordinal)).Sum(count => count.Value);

    public IReadOnlyList<string> AllTags => [.. _counts.Select(count => count.Tags)];

    public IReadOnlyList<string> TagsOf(string name) => [.. _counts.Where(count => count.Name == name).Select(count => count.Tags)];

    /// <summary>What an instrument says that is asked.</summary>
    public double Ask(string name)
    {
        _listener.RecordObservableInstruments();
        return _lastOf[name];
    }

    public void Dispose() => _listener.Dispose();
}
