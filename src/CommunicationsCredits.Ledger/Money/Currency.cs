using System.Collections.Frozen;

namespace CommunicationsCredits.Ledger.Money;

/// <summary>The currencies of ISO 4217, and the digits of their minor unit.</summary>
public static class Currency
{
    private const int UsualMinorDigits = 2;

    private static readonly FrozenSet<string> Codes = (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP "
        + "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
        + "ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
        + "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
        + "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES "
        + "VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> UnusualMinorDigits =
        "BIF0 CLP0 DJF0 GNF0 ISK0 JPY0 KMF0 KRW0 PYG0 RWF0 UGX0 VND0 VUV0 XAF0 XOF0 XPF0 BHD3 IQD3 JOD3 KWD3 LYD3 OMR3 TND3 CLF4"
            .Split(' ').ToFrozenDictionary(entry => entry[..3], entry => entry[3] - '0', StringComparer.Ordinal);

    /// <summary>All codes, in order.</summary>
    public static IEnumerable<string> All => Codes.Order(StringComparer.Ordinal);

    /// <summary>The code in capitals.</summary>
    /// <param name="text">The code, in any case, with blanks around it or not.</param>
    /// <exception cref="CreditException"><c>InvalidCurrency</c>.</exception>
    public static string Parse(string? text)
    {
        var code = text?.Trim().ToUpperInvariant();
        return code is not null && Codes.Contains(code) ? code : throw LedgerErrors.InvalidCurrency(text);
    }

    /// <summary>How many decimals the currency's smallest coin has: 2 for most.</summary>
    /// <param name="code">The code in capitals, as <see cref="Parse"/> gives it.</param>
    public static int MinorDigits(string code) => UnusualMinorDigits.GetValueOrDefault(code, UsualMinorDigits);
}
