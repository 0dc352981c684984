using Npgsql;
using TokenKit.Dapper.Dialects.PostgreSql;

namespace TokenKit.Dapper.Tests.Dialects.PostgreSql;

[TestClass]
public sealed class PostgreSqlErrorsTests
{
    [TestMethod]
    [DataRow("25P03", true, "open for too long")]
    [DataRow("25P04", true, "open for too long")]
    [DataRow("22P05", false, "not UTF8")]
    [DataRow("3F000", false, "search_path")]
    public void Error_OfTheServer_IsKnownByItsState(string state, bool isTransient, string meaning)
    {
        var exception = new PostgresException("", "ERROR", "ERROR", state);

        Assert.AreEqual(isTransient, PostgreSqlErrors.IsTransient(exception));
        Assert.Contains(meaning, PostgreSqlErrors.Explain(exception));
    }

    [TestMethod]
    public void EndOfAnIdleSession_IsTriedAgain()
    {
        // What the next call on the connection finds, over TCP; over a Unix socket it finds a broken pipe.
        var exception = new PostgresException("terminating connection due to idle-session timeout", "FATAL", "FATAL", "57P05");

        Assert.IsTrue(PostgreSqlErrors.IsTransient(exception));
        Assert.AreEqual("the database server ended the session because it was idle", PostgreSqlErrors.Explain(exception));
    }
}
