namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>Inputs of one hash, drawn from a seed.</summary>
internal sealed record RandomInput(
    Argon2Parameters Parameters, int TagLength, byte[] Password, byte[] Salt, byte[] Secret, byte[] AssociatedData)
{
    private const int MaximumMemoryKiB = 65536;

    /// <summary>m 8·p to 65 536, mostly small; t 1 to 5; p 1 to 8; tags of 4 to 128 bytes; salts from 8 bytes; empty and long inputs.</summary>
    public static RandomInput Create(int seed)
    {
        var random = new Random(seed);
        int parallelism = random.Next(1, 9);
        int least = Argon2Parameters.MinimumMemoryPerLane * parallelism;

        // Each power of two is as likely as the next, and the largest are rare: memory is what a case costs.
        double powers = random.Next(100) == 0 ? Math.Log2((double)MaximumMemoryKiB / least) : 6;
        int memory = Math.Min(MaximumMemoryKiB, (int)(least * Math.Pow(2, random.NextDouble() * powers)));

        return new RandomInput(
            new Argon2Parameters(memory, random.Next(1, 6), parallelism),
            random.Next(4, 129),
            Bytes(random, random.Next(8) switch { 0 => 0, 1 or 2 => random.Next(5000), _ => random.Next(100) }),
            Bytes(random, random.Next(8, 65)),
            Bytes(random, random.Next(2) == 0 ? 0 : random.Next(1, 65)),
            Bytes(random, random.Next(2) == 0 ? 0 : random.Next(1, 200)));
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
