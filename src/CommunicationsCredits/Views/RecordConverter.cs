using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Views;

/// <summary>
/// Makes of a result that came from a job or another machine what it was there: its instants are instants again. It is for the types
/// file.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordConverter : PSTypeConverter
{
    private const string Prefix = "Deserialized.";

    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        sourceValue is PSObject source && source.TypeNames.Contains(Prefix + destinationType?.FullName);

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(destinationType);
        var source = (PSObject)sourceValue;
        var record = RuntimeHelpers.GetUninitializedObject(destinationType);
        foreach (var property in destinationType.GetProperties())
        {
            if (property.CanWrite && source.Properties[property.Name]?.Value is { } value)
                property.SetValue(record, LanguagePrimitives.ConvertTo(value, property.PropertyType, CultureInfo.InvariantCulture));
        }

        return record;
    }

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
