using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>Lists as JSON arrays: how a store without arrays is given many values in one parameter.</summary>
internal static class JsonArray
{
    public static string Of(IReadOnlyList<long> values)
    {
        var text = new StringBuilder(2 + (values.Count * 8)).Append('[');
        for (var i = 0; i < values.Count; i++)
            text.Append(i == 0 ? string.Empty : ",").Append(values[i].ToString(CultureInfo.InvariantCulture));
        return text.Append(']').ToString();
    }

    public static string Of(IReadOnlyList<string> values) => JsonConvert.SerializeObject(values);
}
