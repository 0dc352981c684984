namespace TokenKit.Hashing.Argon2;

/// <summary>The compression function G of RFC 9106 §3.5, once for each kind of processor.</summary>
/// <remarks>Implemented by empty structs and called through a type parameter, so that the call is bound when the loop around it is compiled.</remarks>
internal interface IBlockMixing
{
    /// <summary>Writes G(x, y) to z, or adds it to z where a later pass keeps what is there (RFC 9106 §3.2, steps 5 and 6).</summary>
    /// <param name="x">The block before.</param>
    /// <param name="y">The referenced block; may be the same as <paramref name="z"/>.</param>
    /// <param name="z">The result.</param>
    /// <param name="isAdded">Whether the result is added, bit by bit modulo 2, to what <paramref name="z"/> holds.</param>
    /// <param name="scratch">Memory for what lies between the two rounds; the caller wipes it.</param>
    /// <param name="upcoming">May be told the first word of the result once that is there.</param>
    static abstract void Mix(ref Block x, ref Block y, ref Block z, bool isAdded, ref Block scratch, UpcomingReference upcoming);
}
