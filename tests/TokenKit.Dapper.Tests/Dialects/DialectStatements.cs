using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Tests.Dialects;

/// <summary>Every statement of a dialect, found by reflection, so that a new one is tested without anyone remembering to.</summary>
internal static class DialectStatements
{
    private static readonly string[] NoStatements = [nameof(SqlDialect.Name), nameof(TokenStatements.FindTokenParameter)];

    /// <summary>The properties of one subject that are statements; <see langword="null"/> where a product needs none.</summary>
    public static IReadOnlyList<(string Name, string? Sql)> Of(SqlDialect dialect) =>
    [
        .. from subject in (object[])[dialect, dialect.Tokens, dialect.Schema]
           from property in TypeOf(subject).GetProperties()
           where property.PropertyType == typeof(string) && !NoStatements.Contains(property.Name)
           select (property.Name, (string?)property.GetValue(subject)),
    ];

    // What all products have; a product's own class may have more.
    private static Type TypeOf(object subject) => subject switch
    {
        SqlDialect => typeof(SqlDialect),
        TokenStatements => typeof(TokenStatements),
        _ => typeof(SchemaStatements),
    };
}
