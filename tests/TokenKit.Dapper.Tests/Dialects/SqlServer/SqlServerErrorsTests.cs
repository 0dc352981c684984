using System.Data.Common;
using System.Net.Sockets;
using TokenKit.Dapper.Dialects.SqlServer;

namespace TokenKit.Dapper.Tests.Dialects.SqlServer;

[TestClass]
public sealed class SqlServerErrorsTests
{
    [TestMethod]
    [DataRow(1205, 13, true, "colliding")]
    [DataRow(2627, 14, true, "colliding")]
    [DataRow(40613, 17, true, "busy")]
    [DataRow(596, 21, true, "lost")]
    [DataRow(10054, 20, true, "lost")]
    [DataRow(-2, 11, false, "did not answer in time")]
    [DataRow(1222, 16, false, "locked")]
    [DataRow(208, 16, false, "no TokenKit tables")]
    [DataRow(18456, 14, false, "refused the login")]
    [DataRow(1204, 19, true, "no memory left for locks")]
    [DataRow(42108, 17, true, "paused or wakes up")]
    [DataRow(42109, 17, true, "paused or wakes up")]
    [DataRow(911, 16, false, "no database of that name")]
    [DataRow(3952, 16, false, "snapshot isolation")]
    [DataRow(3997, 16, false, "MultipleActiveResultSets=True")]
    [DataRow(8152, 16, false, "inner exception")]
    public void Error_OfTheServer_IsKnownByItsNumber(int number, int severity, bool isTransient, string meaning)
    {
        var exception = new ServerException(number, (byte)severity);

        Assert.AreEqual(isTransient, SqlServerErrors.IsTransient(exception));
        Assert.Contains(meaning, SqlServerErrors.Explain(exception));
    }

    [TestMethod]
    public void UniqueViolation_OfAKeyOrAnIndex_IsRecognised()
    {
        Assert.IsTrue(SqlServerErrors.IsUniqueViolation(new ServerException(2627, 14)));
        Assert.IsTrue(SqlServerErrors.IsUniqueViolation(new ServerException(2601, 14)));
        Assert.IsFalse(SqlServerErrors.IsUniqueViolation(new ServerException(547, 16)));
    }

    [TestMethod]
    public void Error_OfADriverWithoutNumbers_IsKnownByItsCause()
    {
        Assert.IsTrue(SqlServerErrors.IsTransient(new InvalidOperationException("x", new SocketException())));
        Assert.IsFalse(SqlServerErrors.IsTransient(new InvalidOperationException("x", new TimeoutException())));
        Assert.IsFalse(SqlServerErrors.IsTransient(new InvalidOperationException("x")));
    }

    [TestMethod]
    public void Error_BeforeTheOneThatBrokeTheConnection_DoesNotHideIt()
    {
        const int NumberOfErrorsWithoutOne = 33557097;
        var alone = new ServerException(NumberOfErrorsWithoutOne, 16);
        var followed = new ServerException(NumberOfErrorsWithoutOne, 16, new ServerError(NumberOfErrorsWithoutOne, 16), new ServerError(10054, 20));

        Assert.IsFalse(SqlServerErrors.IsTransient(alone));
        Assert.IsTrue(SqlServerErrors.IsTransient(followed));
        Assert.Contains("lost", SqlServerErrors.Explain(followed));
    }

    /// <summary>With the properties of both of Microsoft's drivers.</summary>
    private sealed class ServerException(int number, byte severity, params ServerError[] errors) : DbException("Text in the language of the login.")
    {
        public int Number => number;

        public byte Class => severity;

        public ServerError[] Errors => errors;
    }

    private sealed record ServerError(int Number, byte Class);
}
