using System.Buffers.Binary;
using TokenKit.Hashing.Blake2;

namespace TokenKit.Hashing.Argon2;

/// <summary>H0, which takes in everything that an Argon2 hash depends on (RFC 9106 §3.2, step 1).</summary>
internal static class InitialHash
{
    public const int Length = Blake2b.MaximumDigestLength;

    private const int Version = 0x13;
    private const int TypeId = 2;

    public static void Compute(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData,
        int tagLength,
        Argon2Parameters parameters,
        Span<byte> destination)
    {
        var hash = new Blake2b(Length);
        AppendNumber(ref hash, parameters.Parallelism);
        AppendNumber(ref hash, tagLength);
        AppendNumber(ref hash, parameters.MemoryKiB);
        AppendNumber(ref hash, parameters.Iterations);
        AppendNumber(ref hash, Version);
        AppendNumber(ref hash, TypeId);
        AppendWithLength(ref hash, password);
        AppendWithLength(ref hash, salt);
        AppendWithLength(ref hash, secret);
        AppendWithLength(ref hash, associatedData);
        hash.Finish(destination);
    }

    private static void AppendWithLength(ref Blake2b hash, ReadOnlySpan<byte> input)
    {
        AppendNumber(ref hash, input.Length);
        hash.Append(input);
    }

    private static void AppendNumber(ref Blake2b hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.Append(bytes);
    }
}
