using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Stores;

/// <summary>A value that a change may carry. Null is a value like any other.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="value">The value.</param>
public readonly struct Optional<T>(T value) : IEquatable<Optional<T>>
{
    /// <summary>Whether the change carries the value. <see langword="default"/> carries none.</summary>
    public bool HasValue { get; } = true;

    /// <summary>The value; that of <see langword="default"/> is the default of its type.</summary>
    public T Value { get; } = value;

    /// <summary>The value, or another one where the change carries none.</summary>
    /// <param name="otherwise">The other one.</param>
    public T Or(T otherwise) => HasValue ? Value : otherwise;

    /// <summary>A value that the change carries.</summary>
    /// <param name="value">The value.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "The constructor is the method of the same meaning.")]
    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>Whether both carry equal values, or both none.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Optional<T> left, Optional<T> right) => left.Equals(right);

    /// <summary>Whether one carries what the other does not.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Optional<T> left, Optional<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Optional<T> other) => HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Optional<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HasValue, Value);
}
