using System.Text;
using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Text is kept and compared character by character; ids byte by byte.</summary>
internal static class Texts
{
    // Each differs from some other only by what a collation or a trimming column would overlook.
    private static readonly string[] Alike =
    [
        "istanbul", "ISTANBUL", "İstanbul", "ıstanbul", "istanbul ", " istanbul", "istanbul\t", "istanbul\u00A0",
        "caf\u00E9", "cafe\u0301", "cafe", "stra\u00DFe", "strasse", "\uFF41", "a", "A", "a\u200B", "a\uFEFF", "K", "\u212A",
    ];

    private static readonly string[] Difficult =
    [
        "", " ", "'; DROP TABLE tokens; --", "\"quoted\"", "back\\slash", "100% _", "{0} @p :p $p ?", "line\r\nline\rline\nline", "\t", "\u0001\u001F\u007F",
        "\uFEFFmark", "\uFFFD\uFFFE\uFFFF", "\U0001F511\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0010FFFF", "\u202Eright to left", "null", "NULL", "0123", "1e5", "0x00",
    ];

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Texts_NamesThatLookAlike_ReadBackExactly),
        StoreCase.Of(Texts_DifficultNames_ReadBackExactly),
        StoreCase.Of(Texts_NamesOfTenThousandCharacters_ReadBackExactly),
        StoreCase.Of(Texts_SubjectsThatLookAlike_AreDifferent),
        StoreCase.Of(Texts_KindsAndRealmsThatLookAlike_AreDifferent),
        StoreCase.Of(Texts_IdsThatDifferByOrderOfBytes_AreDifferent),
    ];

    private static Task Texts_NamesThatLookAlike_ReadBackExactly(IStoreFixture fixture) => ExpectNamesAsync(fixture, Alike);

    private static Task Texts_DifficultNames_ReadBackExactly(IStoreFixture fixture) => ExpectNamesAsync(fixture, Difficult);

    private static Task Texts_NamesOfTenThousandCharacters_ReadBackExactly(IStoreFixture fixture) => ExpectNamesAsync(
        fixture,
        [
            new string('n', 10_000),
            new string('n', 9_999) + " ",
            new string('\u4E00', 10_000),
            new StringBuilder().Insert(0, "\U0001F511", 10_000).ToString(),
        ]);

    private static async Task ExpectNamesAsync(IStoreFixture fixture, string[] names)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach (string name in names)
        {
            StoredToken added = await scene.AddAsync(scene.Row() with { Name = name, NameKey = Scene.NameKey(name) });
            Expect.Equal(name, (await scene.FindAsync(added.Id))?.Name, "name as it was issued");

            StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(added with { Name = name + "!", WireData = name.Length > 100 ? null : name })));
            Expect.Equal(name + "!", (await scene.FindAsync(added.Id))?.Name, "name as it was updated");
            await scene.ExpectUnchangedAsync(updated);
        }
    }

    private static async Task Texts_SubjectsThatLookAlike_AreDifferent(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        Dictionary<string, Guid> ids = new(StringComparer.Ordinal);
        foreach (string subject in Alike)
        {
            ids[subject] = Expect.Done(await scene.TryAddAsync(scene.Row(subject: subject), limit: 1)).Id;
        }

        foreach (string subject in Alike)
        {
            TokenQuery query = new(Scene.Realm, SubjectFilter.Is(subject)) { IncludeRevoked = true };
            Expect.Sequence([ids[subject]], await scene.ListAllAsync(query), $"ids of \"{subject}\", newest first");
            Expect.Sequence([ids[subject]], await scene.ListAllAsync(query with { Order = TokenOrder.Inserted }), $"ids of \"{subject}\", as inserted");
            Expect.Equal(1, await scene.RevokeAsync(scene.RevokeAll(SubjectFilter.Is(subject))), $"revoked tokens of \"{subject}\"");
        }
    }

    private static async Task Texts_KindsAndRealmsThatLookAlike_AreDifferent(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        Dictionary<string, Guid> ids = new(StringComparer.Ordinal);
        foreach (string word in Alike)
        {
            StoredToken row = await scene.AddAsync(scene.Row() with { Realm = word, Kind = word });
            await scene.AddAsync(scene.Row() with { Kind = word });
            ids[word] = row.Id;
        }

        foreach (string word in Alike)
        {
            Expect.Sequence([ids[word]], await scene.ListAllAsync(new TokenQuery(word, SubjectFilter.Any)), $"ids in the realm \"{word}\"");
            Expect.Equal(1, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any) { Kind = word })).Count, $"tokens of the kind \"{word}\"");
        }
    }

    private static async Task Texts_IdsThatDifferByOrderOfBytes_AreDifferent(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        byte[] bytes = [0x00, 0x41, 0x27, 0x61, 0x80, 0xFF, 0x70, 0x0A, 0xBF, 0x20, 0x00, 0x5C, 0xE9, 0x0D, 0x20, 0x00];
        Guid[] ids = [new Guid(bytes, bigEndian: true), new Guid(bytes, bigEndian: false), new Guid([.. bytes.Reverse()], bigEndian: true), new Guid([.. bytes[..15], 0x20], bigEndian: true)];
        foreach (Guid id in ids)
        {
            await scene.AddAsync(scene.Row() with { Id = id, Name = $"{id}" });
        }

        foreach (Guid id in ids)
        {
            Expect.Equal($"{id}", (await scene.FindAsync(id))?.Name, "name of the row with that id");
        }
    }
}
