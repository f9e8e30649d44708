using System.Collections.Frozen;
using System.Text;

namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>The countries of ISO 3166-1 alpha-2, and their names in English.</summary>
public static class Country
{
    private static readonly FrozenSet<string> Codes = (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD "
        + "CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE "
        + "GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI "
        + "KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX "
        + "MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD "
        + "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ "
        + "VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Each country's code and its names, as exports, carriers and people write them.</summary>
    private const string Names =
        "AD Andorra|AE United Arab Emirates,UAE|AF Afghanistan|AG Antigua and Barbuda,Antigua|AI Anguilla|AL Albania|"
        + "AM Armenia|AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria|AU Australia|AW Aruba|"
        + "AX Aland Islands,Åland Islands|AZ Azerbaijan|BA Bosnia and Herzegovina,Bosnia-Herzegovina,Bosnia|BB Barbados|"
        + "BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|"
        + "BL Saint Barthelemy,St. Barthelemy|BM Bermuda|BN Brunei,Brunei Darussalam|BO Bolivia|"
        + "BQ Caribbean Netherlands,Bonaire|BR Brazil|BS Bahamas,The Bahamas|BT Bhutan|BW Botswana|BY Belarus|BZ Belize|"
        + "CA Canada|CC Cocos Islands,Cocos (Keeling) Islands|"
        + "CD Congo (DRC),Democratic Republic of the Congo,Congo Democratic Republic,DR Congo|CF Central African Republic|"
        + "CG Congo,Republic of the Congo|CH Switzerland|CI Ivory Coast,Cote d'Ivoire,Côte d'Ivoire|CK Cook Islands|"
        + "CL Chile|CM Cameroon|CN China,China mainland,People's Republic of China|CO Colombia|CR Costa Rica|CU Cuba|"
        + "CV Cape Verde,Cabo Verde|CW Curacao,Curaçao|CX Christmas Island|CY Cyprus|CZ Czech Republic,Czechia|DE Germany|"
        + "DJ Djibouti|DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|"
        + "EH Western Sahara|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands|FM Micronesia|"
        + "FO Faroe Islands,Faeroe Islands|FR France|GA Gabon|GB United Kingdom,UK,Great Britain,England|GD Grenada|"
        + "GE Georgia|GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia,The Gambia|GN Guinea|"
        + "GP Guadeloupe|GQ Equatorial Guinea|GR Greece|GT Guatemala|GU Guam|GW Guinea-Bissau,Guinea Bissau|GY Guyana|"
        + "HK Hong Kong,Hong Kong SAR|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|"
        + "IM Isle of Man|IN India|IO British Indian Ocean Territory,Diego Garcia|IQ Iraq|IR Iran|IS Iceland|IT Italy|"
        + "JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros|"
        + "KN Saint Kitts and Nevis,St. Kitts and Nevis|KP North Korea,Korea North|"
        + "KR South Korea,Korea,Korea South,Republic of Korea|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|"
        + "LC Saint Lucia,St. Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|"
        + "LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MF Saint Martin,St. Martin|MG Madagascar|"
        + "MH Marshall Islands|MK North Macedonia,Macedonia|ML Mali|MM Myanmar,Burma|MN Mongolia|MO Macao,Macau,Macao SAR|"
        + "MP Northern Mariana Islands,Saipan|MQ Martinique|MR Mauritania|MS Montserrat|MT Malta|MU Mauritius|MV Maldives|"
        + "MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|"
        + "NI Nicaragua|NL Netherlands,The Netherlands,Holland|NO Norway|NP Nepal|NR Nauru|NU Niue|NZ New Zealand|OM Oman|"
        + "PA Panama|PE Peru|PF French Polynesia,Tahiti|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|"
        + "PM Saint Pierre and Miquelon,St. Pierre and Miquelon|PR Puerto Rico|"
        + "PS Palestine,Palestinian Authority,Palestinian Territory|PT Portugal|PW Palau|PY Paraguay|QA Qatar|"
        + "RE Reunion,Réunion|RO Romania|RS Serbia|RU Russia,Russian Federation|RW Rwanda|SA Saudi Arabia|"
        + "SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden|SG Singapore|SH Saint Helena,St. Helena|SI Slovenia|"
        + "SJ Svalbard|SK Slovakia,Slovak Republic|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|"
        + "SS South Sudan|ST Sao Tome and Principe,São Tomé and Príncipe|SV El Salvador|SX Sint Maarten|SY Syria|"
        + "SZ Eswatini,Swaziland|TC Turks and Caicos Islands|TD Chad|TG Togo|TH Thailand|TJ Tajikistan|TK Tokelau|"
        + "TL Timor-Leste,East Timor|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey,Türkiye|TT Trinidad and Tobago|"
        + "TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|US United States,USA,United States of America,U.S.,U.S.A.|"
        + "UY Uruguay|UZ Uzbekistan|VA Vatican City,Vatican,Holy See|"
        + "VC Saint Vincent and the Grenadines,St. Vincent and the Grenadines|VE Venezuela|"
        + "VG British Virgin Islands,Virgin Islands British|VI U.S. Virgin Islands,US Virgin Islands,Virgin Islands US|"
        + "VN Vietnam,Viet Nam|VU Vanuatu|WF Wallis and Futuna|WS Samoa|XK Kosovo|YE Yemen|YT Mayotte|ZA South Africa|"
        + "ZM Zambia|ZW Zimbabwe";

    /// <summary>Each name in lower case, with its country's code.</summary>
    internal static IReadOnlyList<(string Name, string Code)> CodesOfNames { get; } =
    [
        .. Names.Split('|').SelectMany(entry => entry[3..].Split(',').Select(name => (name.ToLowerInvariant(), entry[..2]))),
    ];

    private static readonly FrozenDictionary<string, string> CodesByName = Names.Split('|')
        .SelectMany(entry => entry[3..].Split(',').Select(name => (Key: KeyOf(name), Code: entry[..2])))
        .DistinctBy(named => named.Key)
        .ToFrozenDictionary(named => named.Key, named => named.Code, StringComparer.Ordinal);

    private static readonly string?[] CodesByLetters = BuildCodes();

    /// <summary>The code of a country that is given by its code or by its name in English, or null where it is not one.</summary>
    public static string? Find(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return text.Trim().Length == 2 && TryParse(text) is { } code ? code : CodesByName.GetValueOrDefault(KeyOf(text));
    }

    /// <summary>As <see cref="Find(string?)"/>, of UTF-8.</summary>
    public static string? Find(ReadOnlySpan<byte> text)
    {
        if (text.Length != 2)
            return text.IsEmpty ? null : Find(Encoding.UTF8.GetString(text));
        uint first = (uint)((text[0] | 0x20) - 'a'), second = (uint)((text[1] | 0x20) - 'a');
        return first < 26 && second < 26 ? CodesByLetters[(first * 26) + second] : null;
    }

    private static string KeyOf(string name) => string.Concat(name.Where(char.IsLetter)).ToUpperInvariant();

    private static string?[] BuildCodes()
    {
        var codes = new string?[26 * 26];
        foreach (var code in Codes)
            codes[((code[0] - 'A') * 26) + (code[1] - 'A')] = code;
        codes[(('U' - 'A') * 26) + ('K' - 'A')] = "GB";
        return codes;
    }

    /// <summary>The codes, of two capitals each.</summary>
    public static IReadOnlyCollection<string> All => Codes;

    /// <summary>The code in capitals, or null where the text is not one.</summary>
    public static string? TryParse(string? text)
    {
        var code = text?.Trim().ToUpperInvariant();
        return code is not null && Codes.Contains(code) ? code : null;
    }
}
