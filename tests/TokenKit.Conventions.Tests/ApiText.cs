using System.Reflection;
using System.Runtime.CompilerServices;

namespace TokenKit.Conventions.Tests;

/// <summary>Writes the public API of a package as text: a line for each type and, below it, one for each member, in ordinal order.</summary>
/// <remarks>What the compiler adds to records (equality, printing, deconstruction) is left out.</remarks>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(string package) =>
        string.Join("\n\n", Packages.PublicTypes(package).OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Describe)) + "\n";

    private static string Describe(Type type)
    {
        IEnumerable<string> members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")
            : type.GetMembers(Declared).Where(IsVisible).Select(Describe).Order(StringComparer.Ordinal);
        return string.Join("\n    ", [Head(type), .. members]);
    }

    private static string Head(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> bases = type is { IsInterface: false, IsValueType: false } && type.BaseType != typeof(object) ? [type.BaseType!] : [];
        IEnumerable<Type> interfaces = type.IsEnum ? [] : type.GetInterfaces().Where(implemented => !implemented.Name.StartsWith("IEquatable`", StringComparison.Ordinal));
        string[] parents = [.. bases.Concat(interfaces).Select(parent => Name(parent)).Order(StringComparer.Ordinal)];
        return $"{kind} {type.FullName!.Replace('+', '.')}{(parents.Length == 0 ? "" : $" : {string.Join(", ", parents)}")}";
    }

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method)}{Name(method.ReturnType, Nullability(method.ReturnParameter))} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property => $"{Static(Accessor(property))}{Name(property.PropertyType, new NullabilityInfoContext().Create(property))} {property.Name} {{ {Accessors(property)} }}",
        FieldInfo { IsLiteral: true } field => $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType, new NullabilityInfoContext().Create(field))} {field.Name}",
        _ => $"{member.MemberType} {member.Name}",
    };

    private static bool IsVisible(MemberInfo member) => member switch
    {
        Type => false,
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        MethodBase method => IsVisible(method) && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false),
        PropertyInfo property => IsVisible(Accessor(property)) && property.Name is not "EqualityContract",
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => true,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static MethodInfo Accessor(PropertyInfo property) => property.GetMethod ?? property.SetMethod!;

    private static string Accessors(PropertyInfo property)
    {
        string? required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required" : null;
        string? get = property.GetMethod is { } getter && IsVisible(getter) ? "get;" : null;
        string? set = property.SetMethod is not { } setter || !IsVisible(setter) ? null
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;"
            : "set;";
        return string.Join(' ', new[] { required, get, set }.OfType<string>());
    }

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "")
        + string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter)
    {
        string kind = parameter.IsOut ? "out "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params "
            : "";
        string fallback = parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "";
        return $"{kind}{Name(parameter.ParameterType, Nullability(parameter))} {parameter.Name}{fallback}";
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static NullabilityInfo Nullability(ParameterInfo parameter) => new NullabilityInfoContext().Create(parameter);

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        if (type.IsByRef)
        {
            return Name(type.GetElementType()!, nullability);
        }

        string mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        string name = type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        IEnumerable<string> arguments = type.GetGenericArguments().Select((argument, index) =>
            Name(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", arguments)}>{mark}" : name + mark;
    }
}
