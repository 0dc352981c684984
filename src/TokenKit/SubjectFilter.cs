using TokenKit.Policy;

namespace TokenKit;

/// <summary>Whose tokens are meant. It has no default: nobody reaches everyone's tokens by forgetting a value.</summary>
public abstract record SubjectFilter
{
    private SubjectFilter()
    {
    }

    /// <summary>The tokens of every subject, and those that belong to nobody.</summary>
    public static SubjectFilter Any { get; } = new AnySubject();

    /// <summary>The tokens that belong to nobody: those with an empty subject.</summary>
    public static SubjectFilter None { get; } = new NoSubject();

    /// <summary>The tokens of one subject.</summary>
    /// <param name="subject">The subject, compared character by character; 1 to 256 characters.</param>
    /// <exception cref="ArgumentException">The subject is empty (say <see cref="None"/>), too long, or holds NUL or half a surrogate pair, which no row does.</exception>
    public static SubjectFilter Is(string subject) => new OneSubject(subject);

    /// <summary>The filter for a subject as rows hold it, where empty means nobody.</summary>
    internal static SubjectFilter For(string subject) => subject.Length == 0 ? None : Is(subject);

    /// <summary>Whether a token of this subject is meant.</summary>
    /// <param name="subject">A row's subject; empty for nobody.</param>
    public bool Matches(string subject) => this switch
    {
        AnySubject => true,
        NoSubject => subject.Length == 0,
        OneSubject one => string.Equals(one.Subject, subject, StringComparison.Ordinal),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Every subject, and nobody.</summary>
    public sealed record AnySubject : SubjectFilter;

    /// <summary>Nobody.</summary>
    public sealed record NoSubject : SubjectFilter;

    /// <summary>One subject.</summary>
    public sealed record OneSubject : SubjectFilter
    {
        internal OneSubject(string subject)
        {
            ArgumentException.ThrowIfNullOrEmpty(subject);
            StorableText.ThrowIfNot(subject, ApiToken.MaximumSubjectLength, nameof(subject));
            Subject = subject;
        }

        /// <summary>The subject; never empty.</summary>
        public string Subject { get; }
    }
}
