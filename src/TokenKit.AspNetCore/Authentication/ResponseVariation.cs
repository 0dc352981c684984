using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>Says on which headers of the request a response depends, so that no cache gives it to another caller.</summary>
/// <remarks>
/// The framework's response caching looks at <c>Vary</c> when the body begins, and its <c>[ResponseCache]</c> removes what it finds there. So
/// the headers of the response are wrapped: whatever a host sets or removes, these names stay.
/// </remarks>
internal sealed class ResponseVariation : IHttpResponseFeature
{
    private readonly IHttpResponseFeature _inner;
    private readonly VaryingHeaders _headers;

    private ResponseVariation(IHttpResponseFeature inner)
    {
        _inner = inner;
        _headers = new VaryingHeaders(inner.Headers);
    }

    public int StatusCode
    {
        get => _inner.StatusCode;
        set => _inner.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => _inner.ReasonPhrase;
        set => _inner.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => _headers;
        set => _headers.Replace(value);
    }

    [Obsolete("Use IHttpResponseBodyFeature.")]
    public Stream Body
    {
        get => _inner.Body;
        set => _inner.Body = value;
    }

    public bool HasStarted => _inner.HasStarted;

    /// <summary>Has the response depend on a header of the request.</summary>
    public static void Add(HttpResponse response, string header)
    {
        IFeatureCollection features = response.HttpContext.Features;
        if (features.Get<IHttpResponseFeature>() is not ResponseVariation variation)
        {
            variation = new ResponseVariation(features.GetRequiredFeature<IHttpResponseFeature>());
            features.Set<IHttpResponseFeature>(variation);
        }

        variation._headers.Keep(header);
    }

    public void OnStarting(Func<object, Task> callback, object state) => _inner.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => _inner.OnCompleted(callback, state);

    private sealed class VaryingHeaders(IHeaderDictionary headers) : IHeaderDictionary
    {
        private readonly List<string> _kept = [];
        private IHeaderDictionary _inner = headers;

        public long? ContentLength
        {
            get => _inner.ContentLength;
            set => _inner.ContentLength = value;
        }

        public ICollection<string> Keys => _inner.Keys;

        public ICollection<StringValues> Values => _inner.Values;

        public int Count => _inner.Count;

        public bool IsReadOnly => _inner.IsReadOnly;

        public StringValues this[string key]
        {
            get => _inner[key];
            set
            {
                _inner[key] = value;
                RestoreAfter(key);
            }
        }

        public void Keep(string header)
        {
            if (!_kept.Contains(header, StringComparer.OrdinalIgnoreCase))
            {
                _kept.Add(header);
                Restore();
            }
        }

        public void Replace(IHeaderDictionary headers)
        {
            _inner = headers;
            Restore();
        }

        public void Add(string key, StringValues value)
        {
            // The name may be there on our behalf only, so that the host does not know of it.
            if (IsVary(key))
            {
                _inner[key] = value;
            }
            else
            {
                ((IDictionary<string, StringValues>)_inner).Add(key, value);
            }

            RestoreAfter(key);
        }

        public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

        public bool Remove(string key)
        {
            bool isRemoved = _inner.Remove(key);
            RestoreAfter(key);
            return isRemoved;
        }

        public bool Remove(KeyValuePair<string, StringValues> item)
        {
            bool isRemoved = _inner.Remove(item);
            RestoreAfter(item.Key);
            return isRemoved;
        }

        public void Clear()
        {
            _inner.Clear();
            Restore();
        }

        public bool Contains(KeyValuePair<string, StringValues> item) => _inner.Contains(item);

        public bool ContainsKey(string key) => _inner.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => _inner.TryGetValue(key, out value);

        public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => _inner.CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => _inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static bool IsVary(string key) => string.Equals(key, HeaderNames.Vary, StringComparison.OrdinalIgnoreCase);

        private void RestoreAfter(string key)
        {
            if (IsVary(key))
            {
                Restore();
            }
        }

        private void Restore()
        {
            StringValues vary = _inner.Vary;
            string[] names = vary.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string[] missing = names.Contains("*", StringComparer.Ordinal) ? [] : [.. _kept.Except(names, StringComparer.OrdinalIgnoreCase)];
            if (missing.Length > 0)
            {
                _inner.Vary = StringValues.Concat(vary, missing);
            }
        }
    }
}
