using Microsoft.Extensions.Options;

namespace TokenKit.Hashing;

/// <summary>Refuses keys that could not protect or not be told apart, before the host starts. It never says what a key is.</summary>
internal sealed class KeyRingOptionsValidator : IValidateOptions<KeyRingOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyRingOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(KeyRingOptions options)
    {
        if (!options.Keys.Any(key => string.Equals(key.Id, options.CurrentKeyId, StringComparison.Ordinal)))
        {
            yield return $"UseKeyRing: CurrentKeyId is '{options.CurrentKeyId}', but no key with that id was added.";
        }

        foreach (string id in options.KeyIds.CountBy(id => id, StringComparer.Ordinal).Where(pair => pair.Value > 1).Select(pair => pair.Key))
        {
            yield return $"UseKeyRing: the id '{id}' is given to more than one key.";
        }

        foreach (ConfiguredKey key in options.Keys)
        {
            if (key.Id.Length is 0 or > KeyRingOptions.MaximumKeyIdLength || !key.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return $"UseKeyRing: the id '{key.Id}' is not 1 to {KeyRingOptions.MaximumKeyIdLength} ASCII letters, digits, hyphens and underscores.";
            }

            if (key.Bytes is null)
            {
                yield return $"UseKeyRing: the key '{key.Id}' is not base64.";
            }
            else if (key.Bytes.Length is < KeyRingOptions.MinimumKeyLength or > KeyRingOptions.MaximumKeyLength)
            {
                yield return $"UseKeyRing: the key '{key.Id}' has {key.Bytes.Length} bytes; {KeyRingOptions.MinimumKeyLength} to {KeyRingOptions.MaximumKeyLength} are allowed.";
            }
            else if (!key.Bytes.AsSpan().ContainsAnyExcept(key.Bytes[0]))
            {
                yield return $"UseKeyRing: the key '{key.Id}' is one byte over and over, and not random.";
            }
        }
    }
}
