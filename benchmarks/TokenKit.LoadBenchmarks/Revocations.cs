using System.Diagnostics;
using System.Runtime.InteropServices;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using TokenKit.TestKit;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>
/// Two nodes on one PostgreSQL, both asked as fast as they answer while tokens are revoked on either. No request that is sent after the
/// revocation was answered – N later to the other node – may be accepted.
/// </summary>
internal static class Revocations
{
    private const int Nodes = 2;
    private const int ConnectionsPerNode = 4;

    // The load goes around between two revocations, and further when the last is past its bound.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Scale scale)
    {
        await using PostgreSqlServer? postgreSql = await PostgreSqlServer.StartAsync();
        if (postgreSql is null)
        {
            Console.WriteLine("PostgreSQL's server is not installed: there is nothing that two nodes could share.");
            return;
        }

        Console.WriteLine();
        Console.WriteLine(
            "| N | revocations | requests | sent after the bound | of them 200 | errors | latest 200 of the other node | goal: no 200, no error |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|---|");
        foreach (TimeSpan delay in scale.RevocationDelays)
        {
            IssueResult.Issued[] issued = await NodeHosts.FillAsync(postgreSql.ConnectionString, scale.Revocations);
            Token[] tokens = [.. issued.Select((one, number) => new Token(one, number % Nodes))];
            Print(delay, tokens, await MeasureAsync(postgreSql.ConnectionString, delay, tokens));
        }
    }

    private static async Task<List<Answer>> MeasureAsync(string postgreSql, TimeSpan delay, Token[] tokens)
    {
        string[] arguments = ["node", postgreSql, Invariant($"{delay.TotalSeconds}")];
        using ServerProcess first = await ServerProcess.StartAsync(Environment.ProcessPath!, arguments);
        using ServerProcess second = await ServerProcess.StartAsync(Environment.ProcessPath!, arguments);
        int[] ports = [.. ((ServerProcess[])[first, second]).Select(server => server.Find(Contender.Node).Port)];

        // Both nodes accept every token, and the code is compiled.
        string[] credentials = [.. tokens.Select(token => token.Text)];
        foreach (int port in ports)
        {
            using var warmUp = new ClosedLoop(new Contender(Contender.Node, port, credentials), ConnectionsPerNode);
            warmUp.Run(tokens.Length * ConnectionsPerNode);
        }

        using var stop = new CancellationTokenSource();
        Task<List<Answer>>[] lanes =
        [
            .. Enumerable.Range(0, Nodes * ConnectionsPerNode).Select(lane => Task.Factory.StartNew(
                () => Drive(lane, ports, tokens, delay, stop.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        Revoke(ports, tokens);
        Thread.Sleep(delay + Rest);
        await stop.CancelAsync();
        List<Answer> answers = [.. (await Task.WhenAll(lanes)).SelectMany(lane => lane)];
        for (int node = 0; node < Nodes; node++)
        {
            using var connection = new HttpConnection(ports[node]);
            answers.AddRange(tokens.Select(token => Ask(connection, node, token)));
        }

        return answers;
    }

    // Of three requests one is for the token that is next to be revoked or has just been, one for a token whose bound is just being passed,
    // and one for each token in turn.
    private static List<Answer> Drive(int lane, int[] ports, Token[] tokens, TimeSpan delay, CancellationToken stop)
    {
        int node = lane % Nodes;
        using var connection = new HttpConnection(ports[node]);
        List<Answer> answers = [];
        int revoked = 0;
        int settled = 0;
        for (int turn = 0; !stop.IsCancellationRequested; turn++)
        {
            Advance(ref revoked, TimeSpan.Zero);
            Advance(ref settled, delay);
            answers.Add(Ask(connection, node, (turn % 3) switch
            {
                0 => Near(revoked, turn),
                1 => Near(settled, turn),
                _ => tokens[((lane * 37) + turn) % tokens.Length],
            }));
        }

        return answers;

        // Tokens are revoked in order.
        void Advance(ref int next, TimeSpan after)
        {
            while (next < tokens.Length && tokens[next].RevokedAt is > 0 and var at && Stopwatch.GetElapsedTime(at) > after)
            {
                next++;
            }
        }

        Token Near(int next, int turn) => tokens[Math.Clamp(next - (turn % 2), 0, tokens.Length - 1)];
    }

    private static void Revoke(int[] ports, Token[] tokens)
    {
        HttpConnection[] connections = [.. ports.Select(port => new HttpConnection(port))];
        foreach (Token token in tokens)
        {
            Thread.Sleep(Pause);
            token.RevokingAt = Stopwatch.GetTimestamp();
            int status = connections[token.RevokingNode].Exchange(token.Revocation);
            token.RevokedAt = Stopwatch.GetTimestamp();
            if (status != 200)
            {
                throw new InvalidOperationException(Invariant($"A revocation was answered {status}."));
            }
        }

        Array.ForEach(connections, connection => connection.Dispose());
    }

    private static Answer Ask(HttpConnection connection, int node, Token token)
    {
        long sentAt = Stopwatch.GetTimestamp();
        int status = connection.Exchange(token.Request);
        return new Answer(token, node, sentAt, Stopwatch.GetTimestamp(), status);
    }

    private static void Print(TimeSpan delay, Token[] tokens, List<Answer> answers)
    {
        Answer[] late = [.. answers.Where(answer => answer.After > (answer.IsOfOther ? delay : TimeSpan.Zero))];
        int accepted = late.Count(answer => answer.Status == 200);
        int errors = answers.Count(answer => answer.IsError);
        double latest = answers.Where(answer => answer is { IsOfOther: true, Status: 200 }).Max(answer => answer.After).TotalMilliseconds;
        Console.WriteLine(
            Invariant($"| {delay.TotalSeconds} s | {tokens.Length:N0} | {answers.Count:N0} | {late.Length:N0} | {accepted:N0} | {errors:N0} ")
            + Invariant($"| {(latest > 0 ? Invariant($"{latest:N1} ms") : "none")} | {(accepted + errors == 0 ? "reached" : "missed")} |"));
    }

    private sealed class Token(IssueResult.Issued issued, int revokingNode)
    {
        private long _revokedAt;

        public string Text { get; } = issued.Plaintext.Reveal();

        public int RevokingNode { get; } = revokingNode;

        public byte[] Request { get; } = HttpConnection.Request(issued.Plaintext.Reveal());

        public byte[] Revocation { get; } = HttpConnection.Request($"DELETE /{issued.Token.Id}", credential: null);

        /// <summary>When its revocation was sent.</summary>
        public long RevokingAt { get; set; }

        /// <summary>When its revocation was answered; zero before.</summary>
        public long RevokedAt
        {
            get => Volatile.Read(ref _revokedAt);
            set => Volatile.Write(ref _revokedAt, value);
        }
    }

    /// <summary>What came of a request. It is judged when all is over, and everything is known.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Answer(Token Token, int Node, long SentAt, long AnsweredAt, int Status)
    {
        public bool IsOfOther => Node != Token.RevokingNode;

        /// <summary>How long after the answer to the revocation it was sent; negative before.</summary>
        public TimeSpan After => Stopwatch.GetElapsedTime(Token.RevokedAt, SentAt);

        /// <summary>Whether it is neither a yes nor a no, or a no before anybody revoked the token.</summary>
        public bool IsError => Status != 200 && (Status != 401 || AnsweredAt < Token.RevokingAt);
    }
}
