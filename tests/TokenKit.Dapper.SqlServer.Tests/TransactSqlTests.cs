using Microsoft.SqlServer.TransactSql.ScriptDom;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.SqlServer;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>Reads every statement and script with Microsoft's own parser: as SQL Server 2016 does, and as 2019 does.</summary>
[TestClass]
public sealed class TransactSqlTests
{
    private static readonly SqlServerDialect Dialect = new(new TableNames("acme_", "tokens"));

    // Found by reflection, so that a new statement is tested without anybody remembering to.
    public static IEnumerable<object[]> Texts =>
    [
        .. from subject in (object[])[Dialect, Dialect.Tokens, Dialect.Schema]
           from property in subject.GetType().GetProperties()
           where property.PropertyType == typeof(string) && property.Name is not (nameof(SqlDialect.Name) or nameof(TokenStatements.FindTokenParameter))
           let text = (string?)property.GetValue(subject)
           where text is not null
           select (object[])[property.Name, text],
        .. from migration in Migration.AllOf(Dialect)
           from part in migration.Parts
           select (object[])[migration.Name, part.Sql],
        ["the printed script", new TokenKitSchema(new SqlDatabase(Microsoft.Data.SqlClient.SqlClientFactory.Instance.CreateDataSource(""), Dialect)).Print()],
    ];

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void Text_OfTheDialect_IsTransactSql(string name, string text)
    {
        foreach (TSqlParser parser in (TSqlParser[])[new TSql130Parser(initialQuotedIdentifiers: true), new TSql150Parser(initialQuotedIdentifiers: true)])
        {
            Parse(parser, text, out IList<ParseError> errors);

            Assert.IsEmpty(errors, $"{name}: {string.Join(", ", errors.Select(error => $"line {error.Line}: {error.Message}"))}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void Text_OfTheDialect_KeepsToWhatAllCanRun(string name, string text) => Assert.IsEmpty(FindForbidden(text), name);

    [TestMethod]
    [DataRow("SELECT id FRO t WHERE", "")]
    [DataRow("MERGE t USING s ON t.id = s.id WHEN MATCHED THEN DELETE;", "MergeStatement")]
    [DataRow("WITH old AS (SELECT TOP (1) id FROM t) DELETE FROM old;", "WithCtesAndXmlNamespaces")]
    [DataRow("CREATE TABLE t (id int, INDEX i (id));", "IndexDefinition")]
    [DataRow("CREATE OR ALTER VIEW v AS SELECT 1 AS one;", "CreateOrAlterViewStatement")]
    [DataRow("ALTER TABLE t ADD a int, b int;", "several columns in one ALTER TABLE ADD")]
    [DataRow("UPDATE x SET a = 1 OUTPUT inserted.id FROM t AS x;", "OutputClause")]
    [DataRow("SELECT 1 FROM t WITH (UPDLOCK);", "TableHint")]
    [DataRow("SELECT 1 FROM sys.indexes WHERE name = 'i';", "sys.indexes")]
    [DataRow("SELECT 1 FROM t WHERE CONVERT(varbinary(max), a) = CONVERT(varbinary(max), @b);", "a conversion to varbinary")]
    [DataRow("SELECT id FROM OPENJSON(@ids) WITH (id char(32) '$');", "char")]
    public void Text_WithAFault_IsRecognised(string text, string fault)
    {
        Parse(new TSql150Parser(initialQuotedIdentifiers: true), text, out IList<ParseError> errors);

        Assert.AreEqual(fault.Length == 0, errors.Count > 0);
        if (fault.Length > 0)
        {
            CollectionAssert.Contains(FindForbidden(text).ToArray(), fault);
        }
    }

    private static TSqlFragment Parse(TSqlParser parser, string text, out IList<ParseError> errors)
    {
        using var reader = new StringReader(text);
        return parser.Parse(reader, out errors);
    }

    private static List<string> FindForbidden(string text)
    {
        var visitor = new ForbiddenVisitor();
        Parse(new TSql150Parser(initialQuotedIdentifiers: true), text, out _).Accept(visitor);
        return visitor.Found;
    }

    /// <summary>What some product lacks that speaks T-SQL, or heeds differently.</summary>
    private sealed class ForbiddenVisitor : TSqlFragmentVisitor
    {
        private static readonly HashSet<Type> Forbidden =
        [
            typeof(MergeStatement), typeof(WithCtesAndXmlNamespaces), typeof(IndexDefinition), typeof(OutputClause), typeof(OutputIntoClause), typeof(TableHint),
            typeof(CreateOrAlterViewStatement), typeof(CreateOrAlterProcedureStatement), typeof(CreateOrAlterFunctionStatement), typeof(CreateOrAlterTriggerStatement),
        ];

        public List<string> Found { get; } = [];

        public override void Visit(TSqlFragment fragment)
        {
            if (Forbidden.Contains(fragment.GetType()))
            {
                Found.Add(fragment.GetType().Name);
            }
        }

        public override void Visit(TableDefinition node)
        {
            if (node.ColumnDefinitions.Count > 1 && IsAddition(node))
            {
                Found.Add("several columns in one ALTER TABLE ADD");
            }
        }

        // Text becomes other bytes, or none at all. Ids are converted from their digits, to binary.
        public override void Visit(ConvertCall node)
        {
            if (node.DataType is SqlDataTypeReference { SqlDataTypeOption: SqlDataTypeOption.VarBinary })
            {
                Found.Add("a conversion to varbinary");
            }
        }

        // Babelfish does not know it for text when it converts digits to bytes, and takes the codes of the digits.
        public override void Visit(SqlDataTypeReference node)
        {
            if (node.SqlDataTypeOption is SqlDataTypeOption.Char or SqlDataTypeOption.NChar)
            {
                Found.Add("char");
            }
        }

        public override void Visit(SchemaObjectName node)
        {
            if (string.Join('.', node.Identifiers.Select(identifier => identifier.Value)) is "sys.indexes")
            {
                Found.Add("sys.indexes");
            }
        }

        private static bool IsAddition(TableDefinition node) =>
            node.ScriptTokenStream.Take(node.FirstTokenIndex).LastOrDefault(token => token.TokenType is TSqlTokenType.Add or TSqlTokenType.Create)?.TokenType == TSqlTokenType.Add;
    }
}
