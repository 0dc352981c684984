using System.Text.Json.Serialization;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>A token as the product shows it: a row of its table, with the columns in their order and truth as 0 and 1.</summary>
/// <param name="Id">The place in the order of insertion.</param>
/// <param name="Name">The name.</param>
/// <param name="Token">The plaintext; null when it cannot be read any more.</param>
/// <param name="ExpirationDate">See <see cref="WireExpiry"/>.</param>
/// <param name="Active">1 while it is not suspended.</param>
/// <param name="Write">1 when it may write.</param>
/// <param name="CreatedAt">In seconds.</param>
/// <param name="UpdatedAt">In seconds.</param>
internal sealed record WireToken(long Id, string Name, string? Token, long ExpirationDate, int Active, int Write, long CreatedAt, long UpdatedAt)
{
    public static WireToken From(RecoveredToken recovered)
    {
        ApiToken token = recovered.Token;
        return new(
            token.Sequence,
            token.Name,
            recovered.Plaintext?.Reveal(),
            WireExpiry.NumberOf(token),
            token.SuspendedAt is null ? 1 : 0,
            token.Scopes.Contains(QueryTokensDefaults.WriteScope) ? 1 : 0,
            token.CreatedAt.ToUnixTimeSeconds(),
            token.UpdatedAt.ToUnixTimeSeconds());
    }
}

/// <summary>The column that holds a token's plaintext; null when it cannot be read any more.</summary>
internal sealed record WireValue(string? Token);

/// <summary>A list of tokens. It describes the answer, which is written row by row.</summary>
internal sealed record WireTokens(IReadOnlyList<WireToken> Data)
{
    public const string DataMember = "data";
}

internal sealed record WireValues(IReadOnlyList<WireValue> Data);

/// <summary>A token to create or to change, as callers describe it. <see cref="InputReader"/> reads it.</summary>
internal sealed record WireTokenInput(string Name, long? ExpirationDate, bool? Active, bool? Write);

/// <summary>A token to delete, as callers name it. <see cref="InputReader"/> reads it.</summary>
internal sealed record WireTokenName(string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireValues))]
[JsonSerializable(typeof(WireTokenInput))]
[JsonSerializable(typeof(WireTokenName))]
internal sealed partial class QueryJson : JsonSerializerContext;
