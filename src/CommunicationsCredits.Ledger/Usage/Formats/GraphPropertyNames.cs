using System.Text;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// The properties a record in JSON may have: Graph's, and the columns of the Teams export, so that objects of either kind that
/// went to a quarantine file import again.
/// </summary>
internal static class GraphPropertyNames
{
    private const int Slots = 128;

    private static readonly (byte[] Name, UsageField Field)?[] Table = Build();

    /// <summary>The field of that name, in any case.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out UsageField field)
    {
        field = default;
        if (name.IsEmpty)
            return false;
        for (var slot = SlotOf(name); Table[slot] is { } entry; slot = (slot + 1) % Slots)
        {
            if (Ascii.EqualsIgnoreCase(entry.Name, name))
            {
                field = entry.Field;
                return true;
            }
        }

        return false;
    }

    private static (byte[] Name, UsageField Field)?[] Build()
    {
        var table = new (byte[] Name, UsageField Field)?[Slots];
        var names = UsageFields.GraphProperties.Select(property => (property.Name, (UsageField?)property.Field))
            .Concat(UsageFields.TeamsColumns);
        foreach (var (name, field) in names)
        {
            if (field is not { } known)
                continue;
            var bytes = Encoding.UTF8.GetBytes(name);
            var slot = SlotOf(bytes);
            while (table[slot] is { } taken && !Ascii.EqualsIgnoreCase(taken.Name, bytes))
                slot = (slot + 1) % Slots;
            table[slot] = (bytes, known);
        }

        return table;
    }

    private static int SlotOf(ReadOnlySpan<byte> name) =>
        ((name.Length * 31) + ((name[0] | 0x20) * 7) + (name[^1] | 0x20)) % Slots;
}
