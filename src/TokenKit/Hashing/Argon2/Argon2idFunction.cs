namespace TokenKit.Hashing.Argon2;

/// <summary>
/// Computes one Argon2id hash, version 1.3 (RFC 9106). A host hands one to <see cref="TokenKitBuilder.UseArgon2"/> to hash with another
/// implementation than TokenKit's own, for example a native library.
/// </summary>
/// <remarks>
/// TokenKit calls it on pool threads, never more at once than <see cref="HashingOptions.MaximumConcurrency"/>, and only with parameters
/// within <see cref="Argon2Limits.Default"/>. The same inputs give the same destination, on every node. What the function copies of the
/// password and the secret, it wipes. An exception ends the call that needed the hash; it is never taken for "differs".
/// <see cref="Argon2id.DeriveKey(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, Argon2Parameters, ReadOnlySpan{byte}, ReadOnlySpan{byte}, CancellationToken)"/>
/// has this form.
/// </remarks>
/// <param name="password">The message P: the whole plaintext of a token, 1 to 256 bytes of ASCII.</param>
/// <param name="salt">The nonce S: <see cref="Argon2Limits.MinimumSaltLength"/> to <see cref="Argon2Limits.MaximumSaltLength"/> bytes.</param>
/// <param name="destination">
/// Receives the tag. Its length is the tag length T: <see cref="Argon2Limits.MinimumHashLength"/> to <see cref="Argon2Limits.MaximumHashLength"/> bytes.
/// </param>
/// <param name="parameters">Memory, iterations and parallelism.</param>
/// <param name="secret">The secret value K: 32 bytes derived from a key of the ring, or empty for none.</param>
/// <param name="associatedData">The associated data X: at most <see cref="PhcString.MaximumAssociatedDataLength"/> bytes, empty for none.</param>
/// <param name="cancellationToken">Stops the work where the implementation can; otherwise it is looked at before the work begins.</param>
/// <exception cref="OperationCanceledException">The token was cancelled.</exception>
/// <exception cref="OutOfMemoryException">There is no memory for the hash. The caller is asked to come back.</exception>
public delegate void Argon2idFunction(
    ReadOnlySpan<byte> password,
    ReadOnlySpan<byte> salt,
    Span<byte> destination,
    Argon2Parameters parameters,
    ReadOnlySpan<byte> secret,
    ReadOnlySpan<byte> associatedData,
    CancellationToken cancellationToken);
