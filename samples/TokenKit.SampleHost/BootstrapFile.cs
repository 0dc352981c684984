using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenKit.SampleHost;

/// <summary>One user in the bootstrap file, with the plaintext of a token for each mounted API.</summary>
internal sealed record BootstrapUser(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("administrator")] bool Administrator,
    [property: JsonPropertyName("virtuousai")] string VirtuousAI);

/// <summary>The bootstrap file.</summary>
internal sealed record BootstrapContent(
    [property: JsonPropertyName("baseUrl")] string BaseUrl,
    [property: JsonPropertyName("users")] IReadOnlyList<BootstrapUser> Users);

[JsonSerializable(typeof(BootstrapContent))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class BootstrapJson : JsonSerializerContext;

/// <summary>Writes the bootstrap file so that nobody else can read it and nobody sees half of it.</summary>
internal static class BootstrapFile
{
    public static void Write(string path, BootstrapContent content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(temporary);
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, creation))
        {
            JsonSerializer.Serialize(file, content, BootstrapJson.Default.BootstrapContent);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
