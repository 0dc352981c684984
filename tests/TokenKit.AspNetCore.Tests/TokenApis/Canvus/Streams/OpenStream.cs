using System.Text.Json;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>A stream that a client has open.</summary>
internal sealed class OpenStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly StreamReader _reader;

    private OpenStream(HttpResponseMessage response, Stream body)
    {
        Response = response;
        _reader = new StreamReader(body);
    }

    public HttpResponseMessage Response { get; }

    /// <summary>Opens a stream; the head of its answer is there when the task ends.</summary>
    public static async Task<OpenStream> OpenAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new OpenStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next line, empty ones included; null when the stream has ended as it should.</summary>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public Task<string?> ReadLineAsync(TimeSpan? patience = null) => _reader.ReadLineAsync().WaitAsync(patience ?? Patience);

    /// <summary>The next line as JSON.</summary>
    public async Task<JsonElement> ReadAsync() => JsonElement.Parse(await ReadLineAsync() ?? throw new InvalidOperationException("The stream has ended."));

    /// <summary>The next line as descriptions and states.</summary>
    public async Task<string> ReadStatesAsync() => string.Join(' ', (await ReadAsync()).EnumerateArray().Select(StateOf));

    public static string StateOf(JsonElement token) => $"{token.GetProperty("description").GetString()}:{token.GetProperty("state").GetString()}";

    public void Dispose()
    {
        _reader.Dispose();
        Response.Dispose();
    }
}
