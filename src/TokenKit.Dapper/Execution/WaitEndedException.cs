using System.Data.Common;

namespace TokenKit.Dapper.Execution;

/// <summary>A change waited for locks as long as it may, and has let go of its own. It is done again.</summary>
#pragma warning disable CA1064 // It does not leave the assembly.
internal sealed class WaitEndedException(DbException reason) : Exception(reason.Message, reason);
#pragma warning restore CA1064
