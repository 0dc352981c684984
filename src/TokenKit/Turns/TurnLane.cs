namespace TokenKit.Turns;

/// <summary>Which of the two lines of a <see cref="TurnQueue"/> somebody stands in.</summary>
internal enum TurnLane
{
    /// <summary>Goes first, up to a number of times in a row.</summary>
    First,

    /// <summary>Has a part of the places.</summary>
    Second,
}
