using Npgsql;
using TokenKit.Dapper.Dialects.PostgreSql;

namespace TokenKit.Dapper.Tests.Dialects.PostgreSql;

[TestClass]
public sealed class PostgreSqlErrorsTests
{
    [TestMethod]
    public void EndOfAnIdleSession_IsTriedAgain()
    {
        // What the next call on the connection finds, over TCP; over a Unix socket it finds a broken pipe.
        var exception = new PostgresException("terminating connection due to idle-session timeout", "FATAL", "FATAL", "57P05");

        Assert.IsTrue(PostgreSqlErrors.IsTransient(exception));
        Assert.AreEqual("the database server ended the session because it was idle", PostgreSqlErrors.Explain(exception));
    }
}
