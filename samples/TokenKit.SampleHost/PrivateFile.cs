namespace TokenKit.SampleHost;

/// <summary>Writes files and makes folders that nobody else can read from their first moment on. A file is there as a whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode ReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file, in the place of one that may be there.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => File.Move(WriteTemporary(path, content), path, overwrite: true);

    /// <summary>Reads a file; when there is none it is written first, and of several processes that do so at once one wins.</summary>
    public static byte[] ReadOrCreate(string path, ReadOnlySpan<byte> content)
    {
        if (!File.Exists(path))
        {
            string temporary = WriteTemporary(path, content);
            try
            {
                File.Move(temporary, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(temporary);
            }
        }

        return File.ReadAllBytes(path);
    }

    public static DirectoryInfo CreateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, ReadAndWrite | UnixFileMode.UserExecute);

    private static string WriteTemporary(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(temporary);
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = ReadAndWrite;
        }

        using var file = new FileStream(temporary, creation);
        file.Write(content);
        file.Flush(flushToDisk: true);
        return temporary;
    }
}
