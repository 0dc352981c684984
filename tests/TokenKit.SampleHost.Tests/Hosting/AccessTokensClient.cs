using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace TokenKit.SampleHost.Tests.Hosting;

/// <summary>Calls the VirtuousAI token API as its clients do.</summary>
internal sealed class AccessTokensClient(HttpClient http) : IDisposable
{
    private const string Path = "/api/v1/access-tokens";

    public async Task<(string Id, string Plaintext)> CreateAsync(string name)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync(Path, new { name });
        Assert.AreEqual(HttpStatusCode.Created, response.StatusCode);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("token").GetProperty("id").GetString()!, body.GetProperty("plaintext").GetString()!);
    }

    public Task<JsonElement> ListAsync(string query = "") => http.GetFromJsonAsync<JsonElement>(Path + query);

    public Task<JsonElement> GetAsync(string id) => http.GetFromJsonAsync<JsonElement>($"{Path}/{id}");

    public async Task RevokeAsync(string id)
    {
        using HttpResponseMessage response = await http.DeleteAsync(new Uri($"{Path}/{id}", UriKind.Relative));
        Assert.AreEqual(HttpStatusCode.NoContent, response.StatusCode);
    }

    public async Task<int> RevokeAllAsync()
    {
        using HttpResponseMessage response = await http.DeleteAsync(new Uri(Path, UriKind.Relative));
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("revokedCount").GetInt32();
    }

    public void Dispose() => http.Dispose();
}
