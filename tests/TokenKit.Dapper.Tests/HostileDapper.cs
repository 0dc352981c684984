using System.Data;
using Dapper;

namespace TokenKit.Dapper.Tests;

/// <summary>Everything that a host could have done to Dapper's process-wide settings, done to every test of this assembly.</summary>
[TestClass]
public sealed class HostileDapper
{
    [AssemblyInitialize]
    public static void Install(TestContext context)
    {
        Refuse<string>();
        Refuse<long>();
        Refuse<int>();
        Refuse<byte[]>();
        Refuse<Guid>();
        Refuse<DateTimeOffset>();
        SqlMapper.TypeMapProvider = _ => throw new InvalidOperationException("No type has a map here.");
        SqlMapper.Settings.CommandTimeout = 1;
        SqlMapper.Settings.ApplyNullValues = true;
        SqlMapper.Settings.PadListExpansions = true;
        SqlMapper.Settings.UseSingleResultOptimization = true;
        SqlMapper.Settings.UseSingleRowOptimization = true;
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    [TestMethod]
    public async Task OrdinaryDapper_UnderTheHostileSettings_CanNeitherWriteNorRead()
    {
        await using var database = new SqliteDatabase();
        await using System.Data.Common.DbConnection connection = await database.Source.OpenConnectionAsync();
        var parameters = new DynamicParameters();
        parameters.Add("text", "a");

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => connection.ExecuteAsync("SELECT @text", parameters));
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => connection.QuerySingleAsync<string>("SELECT 'a'"));
    }

    // Dapper asks a handler for parameters only when the type is no longer in its own map.
    private static void Refuse<T>()
    {
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.AddTypeHandler(new Refusing<T>());
    }

    private sealed class Refusing<T> : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) => throw new InvalidOperationException($"A hostile handler was given a {typeof(T).Name}.");

        public override T Parse(object value) => throw new InvalidOperationException($"A hostile handler was asked for a {typeof(T).Name}.");
    }
}
