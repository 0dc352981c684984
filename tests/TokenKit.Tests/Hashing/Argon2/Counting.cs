namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>The bytes 0, 1, 2, … that known-answer files are made of.</summary>
internal static class Counting
{
    public static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)i;
        }

        return bytes;
    }
}
