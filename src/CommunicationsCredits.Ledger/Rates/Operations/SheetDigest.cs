using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Rates.Operations;

/// <summary>The digest of a rate sheet: how its calls are billed, and all its rows in order of their prefixes (H1b).</summary>
internal static class SheetDigest
{
    public static byte[] Of(RateSheet sheet, IEnumerable<RateRow> rows) =>
        Of(sheet, rows.Select(row => new RatedPrefix(sheet, row.Prefix, row.PricePerMinute, row.Destination, row.Country) { Terms = row.Terms }));

    public static byte[] Of(RateSheet sheet, IEnumerable<RatedPrefix> prefixes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chain = new HashChain();
        hash.AppendData(chain.Begin().Write(sheet.Name).Write((long)sheet.Service).Write(sheet.Currency).Write(sheet.EffectiveFrom.Ticks)
            .Write(sheet.InitialIncrement).Write(sheet.Increment).Write(sheet.ConnectionFee.Micros).Write(sheet.Decimals)
            .Write((long)sheet.Rounding).Content);
        foreach (var rate in prefixes.OrderBy(rate => rate.Prefix, StringComparer.Ordinal))
        {
            hash.AppendData(chain.Begin().Write(rate.Prefix).Write(rate.PricePerMinute.Micros).Write(rate.Destination).Write(rate.Country)
                .Write(rate.Terms.ConnectionFee?.Micros).Write(rate.Terms.InitialIncrement).Write(rate.Terms.Increment)
                .Write(rate.Terms.NoPool ? 1 : 0).Write(rate.Terms.DestinationType).Content);
        }

        return hash.GetHashAndReset();
    }
}
