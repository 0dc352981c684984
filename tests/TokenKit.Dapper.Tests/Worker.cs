namespace TokenKit.Dapper.Tests;

internal static class Worker
{
    public static Task<int> Main(string[] args) => Task.FromResult(args.Length);
}
