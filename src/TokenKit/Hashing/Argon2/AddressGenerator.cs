using System.Runtime.InteropServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>The pseudo-random values of a data-independent segment, drawn from a counter, 128 at a time (RFC 9106 §3.4.1.2).</summary>
/// <remarks>They depend on no input but the parameters, so nothing here needs to be wiped.</remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct AddressGenerator<TMixing>
    where TMixing : IBlockMixing
{
    private const int Argon2idType = 2;
    private const int CounterWord = 6;

    private Block _input;
    private Block _addresses;

    public AddressGenerator(in MemoryLayout layout, Segment segment)
    {
        _input[0] = (ulong)segment.Pass;
        _input[1] = (ulong)segment.Lane;
        _input[2] = (ulong)segment.Slice;
        _input[3] = (ulong)layout.Blocks;
        _input[4] = (ulong)layout.Passes;
        _input[5] = Argon2idType;
    }

    /// <summary>The value for a block of the segment: J2 in its upper half, J1 in the lower. Called with ascending indexes.</summary>
    public ulong Next(int index)
    {
        if (_input[CounterWord] == 0 || index % Block.Words == 0)
        {
            _input[CounterWord]++;
            Generate();
        }

        return _addresses[index % Block.Words];
    }

    /// <summary>G(zero, G(zero, input)).</summary>
    private void Generate()
    {
        var zero = new Block();
        var scratch = new Block();
        TMixing.Mix(ref zero, ref _input, ref _addresses, isAdded: false, ref scratch, upcoming: default);
        TMixing.Mix(ref zero, ref _addresses, ref _addresses, isAdded: false, ref scratch, upcoming: default);
    }
}
