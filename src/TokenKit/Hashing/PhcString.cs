using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TokenKit.Hashing;

/// <summary>
/// An Argon2id hash as text, with all that is needed to compute it again:
/// <c>$argon2id$v=19$m=19456,t=2,p=1[,keyid=…][,data=…]$salt$hash</c>, in the string format of the Password Hashing Competition.
/// </summary>
/// <remarks>
/// There is one text for each value: numbers are decimal without leading zeros, bytes are base64 without padding, the order is fixed,
/// and <c>keyid</c> and <c>data</c> are left out where they are empty. Nothing else is read.
/// <see cref="object.ToString"/> does not give the text, so that hashes do not end up in logs.
/// </remarks>
public sealed class PhcString
{
    /// <summary>The longest text that is read or written, in characters.</summary>
    public const int MaximumLength = 512;

    /// <summary>The longest <c>keyid</c> in bytes.</summary>
    public const int MaximumKeyIdLength = 8;

    /// <summary>The longest <c>data</c> in bytes.</summary>
    public const int MaximumAssociatedDataLength = 32;

    private readonly byte[] _salt;
    private readonly byte[] _hash;
    private readonly byte[] _keyId;
    private readonly byte[] _associatedData;

    /// <summary>Creates a hash to be written.</summary>
    /// <param name="parameters">What the hash was computed with.</param>
    /// <param name="salt">The salt; its length is within <see cref="Argon2Limits"/>.</param>
    /// <param name="hash">The hash; its length is within <see cref="Argon2Limits"/>.</param>
    /// <param name="keyId">Which secret went into the hash: at most <see cref="MaximumKeyIdLength"/> bytes; empty for none.</param>
    /// <param name="associatedData">The associated data: at most <see cref="MaximumAssociatedDataLength"/> bytes; empty for none.</param>
    /// <exception cref="ArgumentException">A length is outside its limits.</exception>
    public PhcString(
        Argon2Parameters parameters,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> keyId = default,
        ReadOnlySpan<byte> associatedData = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ThrowIfOutside(salt.Length, Argon2Limits.MinimumSaltLength, Argon2Limits.MaximumSaltLength, nameof(salt));
        ThrowIfOutside(hash.Length, Argon2Limits.MinimumHashLength, Argon2Limits.MaximumHashLength, nameof(hash));
        ThrowIfOutside(keyId.Length, 0, MaximumKeyIdLength, nameof(keyId));
        ThrowIfOutside(associatedData.Length, 0, MaximumAssociatedDataLength, nameof(associatedData));

        MemoryKiB = (uint)parameters.MemoryKiB;
        Iterations = (uint)parameters.Iterations;
        Parallelism = (uint)parameters.Parallelism;
        _salt = salt.ToArray();
        _hash = hash.ToArray();
        _keyId = keyId.ToArray();
        _associatedData = associatedData.ToArray();
    }

    private PhcString(uint memoryKiB, uint iterations, uint parallelism, byte[] salt, byte[] hash, byte[] keyId, byte[] associatedData)
    {
        MemoryKiB = memoryKiB;
        Iterations = iterations;
        Parallelism = parallelism;
        _salt = salt;
        _hash = hash;
        _keyId = keyId;
        _associatedData = associatedData;
    }

    /// <summary>Memory in KiB as it was read; maybe out of range.</summary>
    public uint MemoryKiB { get; }

    /// <summary>Passes over the memory as they were read; maybe out of range.</summary>
    public uint Iterations { get; }

    /// <summary>Lanes as they were read; maybe out of range.</summary>
    public uint Parallelism { get; }

    /// <summary>The salt; maybe of a length out of range.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>The hash; maybe of a length out of range.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Which secret went into the hash; empty for none.</summary>
    public ReadOnlySpan<byte> KeyId => _keyId;

    /// <summary>The associated data of the hash; empty for none.</summary>
    public ReadOnlySpan<byte> AssociatedData => _associatedData;

    /// <summary>Reads a hash.</summary>
    /// <param name="text">The text, at most <see cref="MaximumLength"/> characters.</param>
    /// <param name="result">The hash, or null.</param>
    /// <returns>False if the text is not written exactly as the remarks say. Whether it may be run is told by <see cref="TryGetParameters"/>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PhcString? result)
    {
        result = null;
        if (text.Length > MaximumLength)
        {
            return false;
        }

        var reader = new PhcReader(text);
        if (!reader.Skip("$argon2id$v=19$m=") || !reader.TryReadNumber(out uint memoryKiB)
            || !reader.Skip(",t=") || !reader.TryReadNumber(out uint iterations)
            || !reader.Skip(",p=") || !reader.TryReadNumber(out uint parallelism)
            || !reader.TryReadOptional(",keyid=", MaximumKeyIdLength, out byte[]? keyId)
            || !reader.TryReadOptional(",data=", MaximumAssociatedDataLength, out byte[]? associatedData)
            || !reader.Skip("$") || !reader.TryReadBytes(out byte[]? salt)
            || !reader.Skip("$") || !reader.TryReadBytes(out byte[]? hash)
            || !reader.IsAtEnd)
        {
            return false;
        }

        result = new PhcString(memoryKiB, iterations, parallelism, salt, hash, keyId, associatedData);
        return true;
    }

    /// <summary>Gives the parameters if the hash may be run.</summary>
    /// <param name="limits">The allowed range.</param>
    /// <param name="parameters">The parameters, or null.</param>
    /// <returns>False if parameters, salt or hash are outside the range. Such a hash is to be refused, not run with other parameters.</returns>
    public bool TryGetParameters(Argon2Limits limits, [NotNullWhen(true)] out Argon2Parameters? parameters)
    {
        ArgumentNullException.ThrowIfNull(limits);

        if (Argon2Parameters.TryCreate(MemoryKiB, Iterations, Parallelism, out parameters)
            && limits.Allows(parameters)
            && Argon2Limits.AllowsLengths(_salt.Length, _hash.Length))
        {
            return true;
        }

        parameters = null;
        return false;
    }

    /// <summary>Writes the text.</summary>
    public string ToText()
    {
        string keyId = _keyId.Length == 0 ? "" : $",keyid={UnpaddedBase64.Encode(_keyId)}";
        string associatedData = _associatedData.Length == 0 ? "" : $",data={UnpaddedBase64.Encode(_associatedData)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={MemoryKiB},t={Iterations},p={Parallelism}{keyId}{associatedData}${UnpaddedBase64.Encode(_salt)}${UnpaddedBase64.Encode(_hash)}");
    }

    private static void ThrowIfOutside(int length, int minimum, int maximum, string parameterName)
    {
        if (length < minimum || length > maximum)
        {
            throw new ArgumentException($"{minimum} to {maximum} bytes are allowed, not {length}.", parameterName);
        }
    }
}
