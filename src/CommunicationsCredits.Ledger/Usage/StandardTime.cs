using System.Collections.Frozen;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// What time it is in a country, to tell night and weekend from the working day: whole hours from UTC, of wide countries those of their
/// middle, without summer time. A database of time zones would differ by machine, and the guard has to say the same everywhere.
/// </summary>
internal static class StandardTime
{
    private static readonly FrozenDictionary<string, int> Offsets = (
        "-6 US MX CR GT HN NI SV BZ|-5 CA CO PE EC PA CU JM HT|-4 VE BO PY PR DO BB TT|-3 BR AR UY CL SR GF|1 FR DE IT ES NL BE LU CH AT CZ PL SK HU "
        + "SI HR BA RS ME MK AL DK SE NO MT MC SM AD LI VA NG CM GA TN DZ AO CD MA|2 FI EE LV LT RO BG GR CY UA MD IL EG ZA ZW ZM MZ MW BW NA LY LB RW|"
        + "3 RU TR SA KW QA BH IQ JO SY KE ET TZ UG SO DJ ER MG KM BY|4 AE OM GE AM AZ MU SC RE|5 PK UZ TM TJ KZ MV AF|6 IN BD LK NP BT KG|"
        + "7 TH VN ID KH LA MM|8 CN HK MO TW SG MY PH BN MN|9 JP KR KP PW TL|10 AU PG GU MP|11 SB VU NC|12 NZ FJ TV KI MH NR").Split('|')
        .SelectMany(zone => zone.Split(' ')[1..].Select(code => (Code: code, Hours: int.Parse(zone.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))))
        .ToFrozenDictionary(pair => pair.Code, pair => pair.Hours, StringComparer.Ordinal);

    private static readonly FrozenSet<string> FridayAndSaturday =
        "SA KW QA BH OM JO IQ EG LY DZ SY YE IL BD SD".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The hours that a country is ahead of UTC; 0 where none are known.</summary>
    public static int OffsetOf(string? country) => country is null ? 0 : Offsets.GetValueOrDefault(country);

    /// <summary>Whether a day is of the weekend there.</summary>
    public static bool IsWeekend(DayOfWeek day, string? country) => country is not null && FridayAndSaturday.Contains(country)
        ? day is DayOfWeek.Friday or DayOfWeek.Saturday
        : day is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
