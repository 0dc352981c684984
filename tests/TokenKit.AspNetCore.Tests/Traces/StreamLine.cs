namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>One line of a response that does not end, as a case writes it.</summary>
internal static class StreamLine
{
    private const string End = "(end)";
    private const string Broken = "(broken)";
    private const string Unread = "(unread)";
    private const string AfterEmptyLines = "(after empty lines) ";

    /// <summary>Reads what the expected line stands for.</summary>
    /// <returns>What came, written in the same way.</returns>
    public static async Task<string> ReadAsync(RawConnection connection, string expected)
    {
        if (expected == Unread)
        {
            return Unread;
        }

        bool passesOver = expected.StartsWith(AfterEmptyLines, StringComparison.Ordinal);
        try
        {
            string? line;
            do
            {
                line = await connection.ReadLineAsync();
            }
            while (passesOver && line is "");

            return (passesOver ? AfterEmptyLines : "") + (line ?? End);
        }
        catch (IOException)
        {
            return Broken;
        }
    }
}
