using System.Data;
using System.Data.Common;
using System.Diagnostics;
using TokenKit.Dapper.Dialects;
using TokenKit.Stores;

namespace TokenKit.Dapper.Execution;

/// <summary>Finds tokens with a command of the driver's own: every request asks for one, and Dapper would cost it more than it saves here.</summary>
/// <remarks>
/// To a database that is a file of this machine connections stay open, each with its statement prepared: opening a pooled one, setting it up
/// and preparing cost as much again as the look-up. Between two look-ups a connection reads nothing, so the next one sees what was committed
/// before it. To a server a connection is of the pool and goes back to it, and nothing is prepared: not every proxy between would bear that.
/// </remarks>
internal sealed class Lookups(SqlDatabase database) : IDisposable
{
    private readonly DbCommand?[] _idle = new DbCommand?[database.Dialect.IsEmbedded ? Environment.ProcessorCount : 0];
    private volatile bool _disposed;

    /// <summary>Finds a token, and tries again as <see cref="SqlDatabase"/> does: in one asynchronous step, because each costs every request.</summary>
    public async ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            DbCommand? command = null;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                command = Take() ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
                command.Parameters[0].Value = id.ToByteArray(bigEndian: true);
                DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                StoredToken? found;
                await using (reader.ConfigureAwait(false))
                {
                    found = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? TokenRow.Read(reader) : null;
                }

                PutBack(command);
                return found;
            }
#pragma warning disable CA1031 // Whatever went wrong is a failure of the store, and the next look-up begins on another connection.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Close(command);
                database.ThrowUnlessPassing(exception, attempt, startedAt, command is null ? Retry.LongestToOpen : TimeSpan.FromSeconds(database.Dialect.CommandTimeout), "read a token", cancellationToken);
            }

            await Retry.PauseAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (Take() is { } command)
        {
            Close(command);
        }
    }

    private async ValueTask<DbCommand> OpenAsync(CancellationToken cancellationToken)
    {
        SqlDialect dialect = database.Dialect;
        DbConnection connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        DbCommand command = connection.CreateCommand();
        try
        {
            // On a server the connection string's own limit counts: where another is set, Npgsql tells the system so four times for each command.
            if (dialect.IsEmbedded)
            {
                command.CommandTimeout = dialect.CommandTimeout;
            }

            if (dialect.PrepareConnection is { } prepare)
            {
#pragma warning disable CA2100 // The dialect's constants.
                command.CommandText = prepare;
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            command.CommandText = dialect.Tokens.FindToken;
#pragma warning restore CA2100
            DbParameter id = command.CreateParameter();
            (id.ParameterName, id.DbType, id.Size, id.Value) = (dialect.Tokens.FindTokenParameter, DbType.Binary, 16, Array.Empty<byte>());
            command.Parameters.Add(id);
            if (dialect.IsEmbedded)
            {
                await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            return command;
        }
        catch
        {
            Close(command);
            throw;
        }
    }

    private DbCommand? Take()
    {
        for (int slot = 0; slot < _idle.Length; slot++)
        {
            if (Interlocked.Exchange(ref _idle[slot], null) is { } command)
            {
                return command;
            }
        }

        return null;
    }

    private void PutBack(DbCommand command)
    {
        for (int slot = 0; slot < _idle.Length && !_disposed; slot++)
        {
            if (Interlocked.CompareExchange(ref _idle[slot], command, null) is null)
            {
                if (_disposed)
                {
                    // The store was closed in between, and may have passed this slot.
                    Dispose();
                }

                return;
            }
        }

        Close(command);
    }

    private static void Close(DbCommand? command)
    {
        DbConnection? connection = command?.Connection;
        command?.Dispose();
        connection?.Dispose();
    }
}
