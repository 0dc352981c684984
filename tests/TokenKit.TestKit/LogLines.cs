using Microsoft.Extensions.Logging.Testing;

namespace TokenKit.TestKit;

/// <summary>Reads what a host has logged as lines of text.</summary>
public static class LogLines
{
    extension(FakeLogCollector logs)
    {
        /// <summary>One line for each record.</summary>
        public IReadOnlyList<string> Lines => [.. logs.GetSnapshot().Select(ToLine)];
    }

    /// <summary>A record's id, message, exception, level, category and values.</summary>
    public static string ToLine(this FakeLogRecord record)
    {
        string values = record.State is IEnumerable<KeyValuePair<string, string?>> pairs ? string.Join(' ', pairs) : "";
        return $"{record.Id.Id} {record.Message} {record.Exception} {record.Level}: {record.Category} {values}";
    }
}
