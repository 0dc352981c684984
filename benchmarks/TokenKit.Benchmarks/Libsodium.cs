using System.Runtime.InteropServices;

namespace TokenKit.Benchmarks;

/// <summary>Argon2id of libsodium.so.23, which has one lane only.</summary>
internal static unsafe partial class Libsodium
{
    private const string Library = "libsodium.so.23";
    private const int Argon2id13 = 2;

    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, out _) && sodium_init() >= 0;

    public static void DeriveKey(byte[] password, byte[] salt, byte[] tag, Argon2Parameters parameters)
    {
        // Its signature is C's; pinned arrays are what it can be given.
        fixed (byte* tagPointer = tag, passwordPointer = password, saltPointer = salt)
        {
            int error = crypto_pwhash(
                tagPointer, (ulong)tag.Length, passwordPointer, (ulong)password.Length, saltPointer,
                (ulong)parameters.Iterations, (nuint)parameters.MemoryKiB * 1024, Argon2id13);
            if (error != 0)
            {
                throw new InvalidOperationException("libsodium refused.");
            }
        }
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int crypto_pwhash(
        byte* key, ulong keyLength, byte* password, ulong passwordLength, byte* salt, ulong operations, nuint memoryBytes, int algorithm);
}
