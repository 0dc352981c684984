using System.Data;
using Dapper;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>The parameters of one statement. Only long, string and byte[] reach the driver.</summary>
/// <remarks>
/// Dapper hands the command over and adds nothing itself, so type handlers and type maps that a host registered globally never see these
/// values. (Its own <c>DynamicParameters</c> would ask them whenever a value comes without a type.)
/// </remarks>
internal sealed class SqlParameters : SqlMapper.IDynamicParameters
{
    // The longest nvarchar and varbinary that are not of any length.
    private const int LongestText = 4000;
    private const int LongestBytes = 8000;

    private readonly List<(string Name, DbType Type, object? Value)> _parameters = [];

    public SqlParameters With(string name, long? value) => Add(name, DbType.Int64, value);

    public SqlParameters With(string name, string? value) => Add(name, DbType.String, value);

    public SqlParameters With(string name, byte[]? value) => Add(name, DbType.Binary, value);

    /// <summary>An id, as its 16 big-endian bytes.</summary>
    public SqlParameters With(string name, Guid? value) => Add(name, DbType.Binary, value?.ToByteArray(bigEndian: true));

    /// <summary>An instant, as whole microseconds.</summary>
    public SqlParameters With(string name, DateTimeOffset? value) =>
        Add(name, DbType.Int64, value is { } instant ? UnixMicroseconds.From(instant) : null);

    void SqlMapper.IDynamicParameters.AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        foreach ((string name, DbType type, object? value) in _parameters)
        {
            IDbDataParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;

            // SQL Server keeps a plan for each length that is declared, and drivers declare that of the value.
            if (type == DbType.String)
            {
                parameter.Size = value is string { Length: > LongestText } ? -1 : LongestText;
            }
            else if (type == DbType.Binary)
            {
                parameter.Size = value is byte[] { Length: > LongestBytes } ? -1 : LongestBytes;
            }

            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
    }

    private SqlParameters Add(string name, DbType type, object? value)
    {
        _parameters.Add((name, type, value));
        return this;
    }
}
