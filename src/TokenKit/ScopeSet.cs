using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TokenKit;

/// <summary>What a token may do: a set of scopes, compared character by character. The empty set means no access.</summary>
/// <remarks>A scope is a scope-token of RFC 6749 §3.3: printable ASCII without space, quotation mark and backslash.</remarks>
public sealed class ScopeSet : IReadOnlyCollection<string>, IEquatable<ScopeSet>
{
    /// <summary>The most characters that the scopes of one token may take, separating spaces included.</summary>
    public const int MaximumLength = 1024;

    private static readonly SearchValues<char> ScopeCharacters = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    private readonly string[] _scopes;
    private readonly string _text;

    private ScopeSet(string[] sortedScopes)
    {
        _scopes = sortedScopes;
        _text = string.Join(' ', sortedScopes);
    }

    /// <summary>No scope: no access.</summary>
    public static ScopeSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _scopes.Length;

    /// <summary>A set of scopes.</summary>
    /// <param name="scopes">The scopes; one that occurs twice counts once.</param>
    /// <exception cref="ArgumentException">One of them is not a scope-token, or together they are too long.</exception>
    public static ScopeSet Create(params IEnumerable<string> scopes) =>
        TryCreateSorted(Sorted(scopes)) is { } set
            ? set
            : throw new ArgumentException("A scope is printable ASCII without space, quotation mark and backslash (RFC 6749 §3.3); a set takes at most 1024 characters.", nameof(scopes));

    /// <summary>Reads scopes that are separated by spaces, as in the <c>scope</c> parameter of RFC 6749 §3.3.</summary>
    /// <param name="text">The text; null and empty mean no scope.</param>
    /// <param name="set">The scopes, or null.</param>
    /// <returns>Whether every part is a scope-token and the set is not too long.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ScopeSet? set)
    {
        // What a set wrote itself, as stores keep it, is read for every request: it need not be sorted again.
        string[] scopes = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        set = TryCreateSorted(IsSorted(scopes) ? scopes : Sorted(scopes));
        return set is not null;
    }

    /// <summary>Whether the set has a scope.</summary>
    /// <param name="scope">The scope.</param>
    public bool Contains(string scope) => Array.BinarySearch(_scopes, scope, StringComparer.Ordinal) >= 0;

    /// <summary>Whether every scope of this set is in another one.</summary>
    /// <param name="other">The other set.</param>
    public bool IsSubsetOf(ScopeSet other) => Array.TrueForAll(_scopes, other.Contains);

    /// <summary>The scopes that are in both sets.</summary>
    /// <param name="other">The other set.</param>
    public ScopeSet Intersect(ScopeSet other) => new(Array.FindAll(_scopes, other.Contains));

    /// <inheritdoc/>
    public bool Equals(ScopeSet? other) => string.Equals(_text, other?._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The scopes in ordinal order, separated by single spaces.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_scopes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether a text is a scope-token of RFC 6749 §3.3.</summary>
    internal static bool IsScope(string? scope) =>
        !string.IsNullOrEmpty(scope) && !scope.AsSpan().ContainsAnyExcept(ScopeCharacters);

    private static string[] Sorted(IEnumerable<string> scopes) => [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ScopeSet? TryCreateSorted(string[] scopes)
    {
        ScopeSet? set = Array.TrueForAll(scopes, IsScope) ? new ScopeSet(scopes) : null;
        return set?._text.Length > MaximumLength ? null : set;
    }

    // In ordinal order, and none of them twice.
    private static bool IsSorted(string[] scopes)
    {
        for (int i = 1; i < scopes.Length; i++)
        {
            if (string.CompareOrdinal(scopes[i - 1], scopes[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
