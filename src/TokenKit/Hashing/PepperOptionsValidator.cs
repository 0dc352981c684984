using Microsoft.Extensions.Options;

namespace TokenKit.Hashing;

/// <summary>Refuses keys that could not protect or not be told apart, before the host starts. It never says what a key is.</summary>
internal sealed class PepperOptionsValidator : IValidateOptions<PepperOptions>
{
    public ValidateOptionsResult Validate(string? name, PepperOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(PepperOptions options)
    {
        if (!options.Keys.Any(key => string.Equals(key.Id, options.CurrentKeyId, StringComparison.Ordinal)))
        {
            yield return $"UsePepper: CurrentKeyId is '{options.CurrentKeyId}', but no key with that id was added.";
        }

        foreach (string id in options.KeyIds.CountBy(id => id, StringComparer.Ordinal).Where(pair => pair.Value > 1).Select(pair => pair.Key))
        {
            yield return $"UsePepper: the id '{id}' is given to more than one key.";
        }

        foreach (PepperKey key in options.Keys)
        {
            if (key.Id.Length is 0 or > PepperOptions.MaximumKeyIdLength || !key.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return $"UsePepper: the id '{key.Id}' is not 1 to {PepperOptions.MaximumKeyIdLength} ASCII letters, digits, hyphens and underscores.";
            }

            if (key.Bytes is null)
            {
                yield return $"UsePepper: the key '{key.Id}' is not base64.";
            }
            else if (key.Bytes.Length is < PepperOptions.MinimumKeyLength or > PepperOptions.MaximumKeyLength)
            {
                yield return $"UsePepper: the key '{key.Id}' has {key.Bytes.Length} bytes; {PepperOptions.MinimumKeyLength} to {PepperOptions.MaximumKeyLength} are allowed.";
            }
            else if (!key.Bytes.AsSpan().ContainsAnyExcept(key.Bytes[0]))
            {
                yield return $"UsePepper: the key '{key.Id}' is one byte over and over, and not random.";
            }
        }
    }
}
