using TokenKit.Benchmarks;
using TokenKit.Hashing.Argon2;
using TokenKit.TestKit;

Console.WriteLine($"TokenKit mixes with {SupportedMixing.Widest}; {Environment.ProcessorCount} processors; .NET {Environment.Version}");
Console.WriteLine(ReferenceArgon2.IsPresent
    ? "C: libargon2.so.1. Debian builds it without SIMD; built with AVX2 it takes about half as long."
    : "libargon2.so.1 is missing (Debian: libargon2-1): no column C, no ratios.");
Console.WriteLine(Libsodium.IsPresent
    ? "libsodium: libsodium.so.23, with SIMD; one lane only."
    : "libsodium.so.23 is missing (Debian: libsodium23): no column libsodium.");

Argon2Comparison.Run();
KeyedBlake2bTiming.Run();
GateComparison.Run();
