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
        SqlMapper.AddTypeHandler(new Refusing<string>());
        SqlMapper.AddTypeHandler(new Refusing<long>());
        SqlMapper.AddTypeHandler(new Refusing<int>());
        SqlMapper.AddTypeHandler(new Refusing<byte[]>());
        SqlMapper.AddTypeHandler(new Refusing<Guid>());
        SqlMapper.AddTypeHandler(new Refusing<DateTimeOffset>());
        SqlMapper.AddTypeMap(typeof(string), DbType.Int32, useGetFieldValue: true);
        SqlMapper.AddTypeMap(typeof(long), DbType.Date, useGetFieldValue: true);
        SqlMapper.AddTypeMap(typeof(byte[]), DbType.Xml, useGetFieldValue: true);
        SqlMapper.TypeMapProvider = _ => throw new InvalidOperationException("No type has a map here.");
        SqlMapper.Settings.CommandTimeout = 1;
        SqlMapper.Settings.ApplyNullValues = true;
        SqlMapper.Settings.PadListExpansions = true;
        SqlMapper.Settings.UseSingleResultOptimization = true;
        SqlMapper.Settings.UseSingleRowOptimization = true;
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    [TestMethod]
    public async Task OrdinaryDapper_UnderTheHostileSettings_Fails()
    {
        await using var database = new SqliteDatabase();
        await using System.Data.Common.DbConnection connection = await database.Source.OpenConnectionAsync();

        await Assert.ThrowsAsync<Exception>(() => connection.QuerySingleAsync<string>("SELECT @text", new { text = "a" }));
    }

    private sealed class Refusing<T> : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) => throw new InvalidOperationException($"A hostile handler was given a {typeof(T).Name}.");

        public override T Parse(object value) => throw new InvalidOperationException($"A hostile handler was asked for a {typeof(T).Name}.");
    }
}
