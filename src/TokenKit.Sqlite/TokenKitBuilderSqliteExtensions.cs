using TokenKit;
using TokenKit.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps tokens in an SQLite database, given a connection string.</summary>
public static class TokenKitBuilderSqliteExtensions
{
    /// <summary>Keeps tokens in an SQLite database, for hosts on one machine. It needs a file on a local disk.</summary>
    /// <remarks>
    /// The data source is made when the host starts, and the container disposes of it. The host does not start on a database whose schema is
    /// missing or too old, unless it migrates it at start, nor on one that it cannot run on.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">A connection string of Microsoft.Data.Sqlite, for example <c>Data Source=tokens.db</c>.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the connection string is null.</exception>
    /// <exception cref="ArgumentException">The connection string is empty. What else is wrong with it shows when the host starts.</exception>
    public static TokenKitBuilder UseSqlite(this TokenKitBuilder builder, string connectionString, Action<DapperStoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.UseSqlite(_ => new SqliteDataSource(connectionString), configure);
    }

    /// <summary>Keeps tokens in an SQLite database whose connection string is read when the host starts.</summary>
    /// <remarks>
    /// A connection string that is overridden after this call – by a test, for example – is seen. The container disposes of the data source.
    /// The host does not start where the connection string is null or empty. It does not start on a database whose schema is missing or too
    /// old, unless it migrates it at start, nor on one that it cannot run on.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// Finds the connection string, once, when the host starts, for example
    /// <c>services => services.GetRequiredService&lt;IConfiguration&gt;().GetConnectionString("Tokens")</c>.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the function is null.</exception>
    public static TokenKitBuilder UseSqlite(
        this TokenKitBuilder builder, Func<IServiceProvider, string?> connectionString, Action<DapperStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return builder.UseSqlite(
            provider => connectionString(provider) is { } text && !string.IsNullOrWhiteSpace(text)
                ? new SqliteDataSource(text)
                : throw new InvalidOperationException("UseSqlite found no connection string: the function that it was given returned nothing."),
            configure);
    }
}
