using System.Reflection;

namespace TokenKit.Conventions.Tests;

/// <summary>Nobody derives from what was not made for it: a public type is closed, or an interface that a host implements.</summary>
[TestClass]
public sealed class TypeShapeTests
{
    [TestMethod]
    [DynamicData(nameof(Packages.Names), typeof(Packages))]
    public void PublicType_OfAPackage_IsClosed(string package)
    {
        string[] open = [.. Packages.PublicTypes(package).Where(type => !IsClosed(type)).Select(type => type.FullName!)];
        Assert.IsEmpty(open, string.Join(", ", open));
    }

    [TestMethod]
    public void ClosedShape_OfEachKind_IsToldFromAnOpenOne()
    {
        Type[] closed = [typeof(Family), typeof(Family.Case), typeof(Options), typeof(Math), typeof(IDisposable), typeof(DayOfWeek), typeof(Action)];
        Type[] open = [typeof(OpenClass), typeof(OpenAbstractClass), typeof(OpenRecord)];
        CollectionAssert.AreEqual(Array.Empty<Type>(), closed.Where(type => !IsClosed(type)).ToArray());
        CollectionAssert.AreEqual(open, open.Where(type => !IsClosed(type)).ToArray());
    }

    // Static classes, enums, structs and delegates are sealed for the runtime too.
    private static bool IsClosed(Type type) => type.IsInterface || type.IsSealed || (type.IsAbstract && HasNoConstructorForStrangers(type));

    // The copy constructor of an abstract record is protected always, and needs an instance that only the family can make.
    private static bool HasNoConstructorForStrangers(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(constructor => constructor.GetParameters() is not [{ ParameterType: var only }] || only != type)
            .All(constructor => constructor.IsPrivate || constructor.IsAssembly || constructor.IsFamilyAndAssembly);

    private abstract record Family
    {
        private Family()
        {
        }

        public sealed record Case : Family;
    }

    private abstract class Options
    {
        private protected Options()
        {
        }
    }

#pragma warning disable CA1852 // It is the open class that the rule must find.
    private class OpenClass;
#pragma warning restore CA1852

    private abstract class OpenAbstractClass;

    private abstract record OpenRecord;
}
