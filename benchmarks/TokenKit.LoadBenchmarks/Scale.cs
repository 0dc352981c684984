namespace TokenKit.LoadBenchmarks;

/// <summary>How much is done: enough to judge by, or just enough to see that everything works.</summary>
internal sealed record Scale(bool Quick, IReadOnlyList<string> Only, int? AskedRounds, int? AskedBlocks)
{
    private const int HashesCostTimes = 100;

    public int Rounds => AskedRounds ?? (Quick ? 3 : 24);

    /// <summary>How often two builds that are compared are started anew.</summary>
    public int Blocks => AskedBlocks ?? (Quick ? 2 : 8);

    public int MostWarmUps => Quick ? 1 : 30;

    private int Requests => Quick ? 320 : 1600;

    public bool Includes(Contender contender) => IncludesName(contender.Name);

    public bool IncludesName(string name) => Only.Count == 0 || Only.Any(begin => name.StartsWith(begin, StringComparison.OrdinalIgnoreCase));

    public int RequestsFor(Contender contender) => contender.Hashes ? Math.Max(4, Requests / HashesCostTimes) : Requests;

    public int ColdTokens => Quick ? 300 : 10_000;

    public int FloodPairs => Quick ? 1 : 6;

    public int FloodSeconds => Quick ? 3 : 10;

    public int CrowdRevocations => Quick ? 20 : 200;

    public int StreamChanges => Quick ? 40 : 1000;

    public int Revocations => Quick ? 60 : 1000;

    public IEnumerable<TimeSpan> RevocationDelays => ((int[])(Quick ? [0, 1] : [0, 1, 5])).Select(seconds => TimeSpan.FromSeconds(seconds));
}
