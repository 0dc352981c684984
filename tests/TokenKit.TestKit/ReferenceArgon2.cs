using System.Runtime.InteropServices;

namespace TokenKit.TestKit;

/// <summary>The C reference library, libargon2.so.1, called through its context so that secret and associated data work too.</summary>
public static unsafe partial class ReferenceArgon2
{
    private const string Library = "libargon2.so.1";
    private const uint Version13 = 0x13;

    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, out _);

    public static byte[] DeriveKey(
        byte[] password, byte[] salt, int length, Argon2Parameters parameters, byte[] secret, byte[] associatedData)
    {
        byte[] tag = new byte[length];
        fixed (byte* tagPointer = tag, passwordPointer = password, saltPointer = salt, secretPointer = secret, dataPointer = associatedData)
        {
            var context = new Context
            {
                Out = tagPointer,
                OutLength = (uint)length,
                Password = passwordPointer,
                PasswordLength = (uint)password.Length,
                Salt = saltPointer,
                SaltLength = (uint)salt.Length,
                Secret = secretPointer,
                SecretLength = (uint)secret.Length,
                Data = dataPointer,
                DataLength = (uint)associatedData.Length,
                Iterations = (uint)parameters.Iterations,
                MemoryKiB = (uint)parameters.MemoryKiB,
                Lanes = (uint)parameters.Parallelism,
                Threads = (uint)parameters.Parallelism,
                Version = Version13,
            };

            int error = argon2id_ctx(&context);
            return error == 0 ? tag : throw new InvalidOperationException($"libargon2 refused with {error}.");
        }
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int argon2id_ctx(Context* context);

    /// <summary>argon2_context of argon2.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Context
    {
        public byte* Out;
        public uint OutLength;
        public byte* Password;
        public uint PasswordLength;
        public byte* Salt;
        public uint SaltLength;
        public byte* Secret;
        public uint SecretLength;
        public byte* Data;
        public uint DataLength;
        public uint Iterations;
        public uint MemoryKiB;
        public uint Lanes;
        public uint Threads;
        public uint Version;
        public nint Allocate;
        public nint Free;
        public uint Flags;
    }
}
