using TokenKit.VerificationBenchmarks;

Console.WriteLine($"{Environment.ProcessorCount} processors; .NET {Environment.Version}");
await VerificationTiming.RunAsync();
CacheMemory.Run();
