using System.Text;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Schema;

namespace TokenKit.Dapper.Tests.Dialects;

/// <summary>What every database can be sent, whatever its encoding.</summary>
[TestClass]
public sealed class ScriptTests
{
    [TestMethod]
    public void Text_OfEveryDialect_IsAscii()
    {
        foreach (SqlDialect dialect in ParityTests.Dialects)
        {
            IEnumerable<(string Name, string? Sql)> texts =
            [
                .. DialectStatements.Of(dialect),
                .. Migration.AllOf(dialect).SelectMany(migration => migration.Parts.Select(part => (migration.Name, (string?)part.Sql))),
                ("the head of a script", dialect.Schema.ScriptHead(hasPartsOutside: true)),
                ("the head of a script", dialect.Schema.ScriptHead(hasPartsOutside: false)),
            ];
            foreach ((string name, string? sql) in texts)
            {
                Assert.IsTrue(Ascii.IsValid(sql ?? ""), $"{dialect.Name}: {name}");
            }
        }
    }
}
