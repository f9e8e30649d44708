using System.Text;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Rates;

public sealed class RateListReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [Trait("Rule", "G2")]
    [InlineData("Prefix,Price / min\n44,0.5\n1,0.01\n")]
    [InlineData("prefix,PRICEPERMINUTE\r\n44,0.5\r\n1,0.01")]
    [InlineData("Destination Type,Price / min,Extra,Prefix\nmobile,0.5,x,44\n\nfixed,0.01,y,1\n")]
    [InlineData("\uFEFFPrefix,Price / min\n44,0.5\n1,0.01\n")]
    [InlineData("\"Prefix\",\"Price / min\"\n\"+44\",\"0.5\"\n\" 1 \",\" 0.01 \"\n")]
    public void A_list_is_read_by_its_column_names(string csv)
    {
        var list = Read(csv);

        Assert.Empty(list.Problems);
        Assert.Equal([("44", 500_000L), ("1", 10_000L)], list.Rows.Select(row => (row.Prefix, row.PricePerMinute.Micros)));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_quoted_destination_may_hold_commas_quotes_and_line_ends()
    {
        var list = Read("Prefix,Destination Name,Price / min,Country\n44,\"Britain, \"\"mobile\"\"\nand more\",0.5,gb\n1,,0.1,\n");

        Assert.Equal(("Britain, \"mobile\"\nand more", "GB", 2L), (list.Rows.First().Destination, list.Rows.First().Country, list.Rows.First().Line));
        Assert.Equal((null, null, 4L), (list.Rows.Last().Destination, list.Rows.Last().Country, list.Rows.Last().Line));
    }

    [Theory]
    [Trait("Rule", "G2")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void A_byte_order_mark_tells_the_encoding(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding);
        var path = _folder.Write("list.csv", [.. bytes.GetPreamble(), .. bytes.GetBytes("Prefix,Price / min,Destination\n44,0.5,Österreich\n")]);

        var row = Assert.Single(RateListReader.ReadFile(path).Rows);

        Assert.Equal(("44", "Österreich"), (row.Prefix, row.Destination));
    }

    [Theory]
    [Trait("Rule", "G2")]
    [InlineData("44,1.2.3", "price '1.2.3'")]
    [InlineData("44,\"1,50\"", "price '1,50' has a comma")]
    [InlineData("44,\"1,5 Cent\"", "price '1,5 Cent' has a comma")]
    [InlineData("44,$0.015", "more than a number")]
    [InlineData("44,0.015 USD", "more than a number")]
    [InlineData("01144,0.015", "no number begins with '01144'")]
    [InlineData("044,0.015", "no number begins with '044'")]
    [InlineData("4.47E+11,0.015", "a spreadsheet made a number of it")]
    [InlineData("4470-448,0.015", "'4470-448'")]
    [InlineData("4479-4470,0.015", "not a range")]
    [InlineData("+44 7700,0.015", "may be one prefix or several")]
    [InlineData("44,", "price ''")]
    [InlineData("44,-0.1", "price '-0.1'")]
    [InlineData("44,0.0000001", "price '0.0000001'")]
    [InlineData("44,1e3", "price '1e3'")]
    [InlineData("44,free", "price 'free'")]
    [InlineData(",0.1", "Prefix ''")]
    [InlineData("44*,0.1", "Prefix '44*'")]
    [InlineData("123456789012345678901,0.1", "Prefix '123456789012345678901'")]
    [InlineData("44,0.1,x", "3 columns")]
    [InlineData("44", "1 columns")]
    [InlineData("44,\"0.1", "quote is not closed")]
    [InlineData("1,0.3", "prefix 1 stands on line 2 already")]
    [InlineData("+1,0.3", "prefix 1 stands on line 2 already")]
    public void A_bad_row_is_named_with_its_line_and_nothing_is_stored(string row, string reason)
    {
        using var ledger = new TestLedger();
        var list = Read($"Prefix,Price / min\n1,0.01\n{row}\n49,0.2\n");

        var problem = list.Problems[0];

        Assert.Equal(CreditErrorId.RateRejected, problem.ErrorId);
        Assert.Contains("list.csv line 3: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Same(problem, Refuses.With(CreditErrorId.RateRejected, () => ledger.Session.Execute(new AddRateSheet("List", list))));
        Assert.Empty(ledger.Session.Rates.GetRateSheets());
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_country_is_a_code_or_a_name_and_any_other_text_describes_the_destination()
    {
        var list = Read("Prefix,Price / min,Country\n44,1,UK\n49,1,Germany\n1,1,us\n881,1,Global satellite\n39,1,39\n");

        Assert.Empty(list.Problems);
        Assert.Equal(
            [(null, "GB"), ("Germany", "DE"), (null, "US"), ("Global satellite", null), (null, null)],
            list.Rows.Select(row => (row.Destination, row.Country)));
    }

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("Prefix,Destination,Rate\n44,United Kingdom,0.015\n")]
    [InlineData("Prefix;Price / min\n44;0.015\n")]
    [InlineData("sep=;\nPrefix;Price / min\n44;0.015\n")]
    [InlineData("#TYPE X\n\"Dial Code\"\t\"Rate per minute\"\n\"44\"\t\"0.015\"\n\t\n\"Dial Code\"\t\"Rate per minute\"\n")]
    [InlineData("prefix,rate_cost,iso_country_code,rate_increment,rate_minimum,rate_surcharge\n44,0.015,GB,60,60,0\n")]
    [InlineData("Country,Prefix,Price/min,Note\nGB,44,0.015\n,,,\n")]
    [InlineData("ISO,Country,Prefixes,Our Price\nGB,United Kingdom,44,0.015\n")]
    [InlineData("dialprefix,destination,rateinitial,initblock,billingblock,connectcharge\n44,UK,0.015,60,60,0\n")]
    [InlineData("Destination;Number Prefix;USD/min;Initial interval;Next interval;Effective\nUK;44;0.015;1;1;2026-01-01\n")]
    [InlineData("Destination;Prefix;Rate, USD/min;Initial interval;Next interval;Effective\nUK;44;0.015;1;1;2026-01-01\n")]
    public void The_names_and_separators_of_carriers_are_read(string csv)
    {
        var list = Read(csv);

        Assert.Empty(list.Problems);
        var row = Assert.Single(list.Rows);
        Assert.Equal(("44", 15_000L), (row.Prefix, row.PricePerMinute.Micros));
    }

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("\"4474, 4475,4476\"", "4474 4475 4476")]
    [InlineData("4474;4475", "4474 4475")]
    [InlineData("4474 4475", "4474 4475")]
    [InlineData("+4474 +4475", "4474 4475")]
    [InlineData("4470-4472", "4470 4471 4472")]
    [InlineData("4470 – 4472", "4470 4471 4472")]
    [InlineData("4470-72", "4470 4471 4472")]
    [InlineData("\"1201,4470-4471\"", "1201 4470 4471")]
    [InlineData("0044", "44")]
    public void Several_prefixes_and_ranges_in_a_cell_are_several_rows(string cell, string prefixes) => Assert.Equal(
        prefixes.Split(' '), Read($"Prefix,Price / min\n{cell},0.1\n").Rows.Select(row => row.Prefix));

    [Fact]
    [Trait("Rule", "G2a")]
    public void What_a_row_says_of_its_own_billing_goes_with_it()
    {
        var list = Read(
            "Prefix,Price / min,Connection Fee,Interval,No Pool,Type\n44,0.1,0.10,1/1,,mobile\n4490,1,,60,,Premium rate\n447,1,,6/1,yes,\n1,0.1,,,,\n");

        Assert.Empty(list.Problems);
        Assert.Null(list.Warning);
        Assert.Equal(
            [
                new(Amount.FromDecimal(0.1m), 1, 1, false, "mobile"), new(null, 60, 60, true, "Premium rate"), new(null, 6, 1, true, null),
                RateTerms.None,
            ],
            list.Rows.Select(row => row.Terms));
    }

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("Prefix,Price / min,Initial Increment,Increment\n44,0.1,30,6\n", 30, 6)]
    [InlineData("Prefix,Price / min,Increment\n44,0.1,6\n", null, 6)]
    [InlineData("Prefix,Price / min,Billing Increment\n44,0.1,6\n", 6, 6)]
    [InlineData("Prefix,Price / min,Increment\n44,0.1,60/6\n", 60, 6)]
    public void Increments_are_one_column_or_two(string csv, int? initial, int? further)
    {
        var terms = Assert.Single(Read(csv).Rows).Terms;

        Assert.Equal((initial, further), (terms.InitialIncrement, terms.Increment));
    }

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("Prefix,Price / min,Currency\n44,0.1,EUR\n", "EUR", null)]
    [InlineData("Prefix,Price (EUR)\n44,0.1\n", "EUR", null)]
    [InlineData("Vorwahl(en);Minutentarif in EUR (Abrechnung in Zehnteln einer Minute)\n44;0.1\n", "EUR", null)]
    [InlineData("Prefix,Price / min,Effective Date\n44,0.1,2027-01-01\n", null, "2027-01-01")]
    public void The_list_says_its_currency_and_its_date(string csv, string? currency, string? date)
    {
        var list = Read(csv);

        Assert.Empty(list.Problems);
        Assert.Equal((currency, date is null ? null : TestLedger.At(date)), (list.Currency, list.EffectiveFrom));
    }

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("Prefix,Price / min,Currency\n44,0.1,EUR\n49,0.1,USD\n", "one currency")]
    [InlineData("Prefix,Price / min,Effective Date\n44,0.1,2026-01-01\n49,0.1,2026-02-01\n", "one date")]
    [InlineData("Prefix,Price / min,Effective Date\n44,0.1,01/02/2026\n", "which of its numbers is the month")]
    [InlineData("Prefix,Price / min,Currency\n44,0.1,Euro\n", "'Euro' is not a currency's code")]
    [InlineData("Prefix,Price / min,Interval\n44,0.1,minute\n", "'minute' is not 1 to 3,600 seconds")]
    [InlineData("Prefix,Price / min,Pool\n44,0.1,maybe\n", "neither yes nor no")]
    [InlineData("Prefix,Price / min,Country Code\n20,0.1,44\n", "does not begin with its country's code 44")]
    public void Terms_that_cannot_be_kept_refuse_the_list(string csv, string reason) => Assert.Contains(
        reason, Assert.Single(Read(csv).Problems).Message, StringComparison.Ordinal);

    [Theory]
    [Trait("Rule", "G2a")]
    [InlineData("Originating Country,Destination,Call Type,Price\nUS,UK,Out,0.32\n", "a list of destinations without prefixes")]
    [InlineData("ISO,Country,Our Price\nGB,United Kingdom,0.02\n", "a list of destinations without prefixes")]
    [InlineData("Prefix,Destination\n44,UK\n", "a price column is called 'Price / min'")]
    [InlineData("Prefix,Price (cents)\n44,1\n", "it has no column of prices")]
    [InlineData("Prefix,Price / sec\n44,1\n", "it has no column of prices")]
    [InlineData("Prefix,Rate (per 10 minutes)\n44,1\n", "it has no column of prices")]
    [InlineData("Prefix,Peak,Off-peak\n44,1,2\n", "it has no column of prices")]
    [InlineData("a,b\n1,2\n", "its columns are 'a', 'b'")]
    [InlineData("UsageId,Start Time,Duration Seconds,Call Type\n1,2,3,4\n", "Import-UsageRecord")]
    [InlineData("Prefix,Peak Rate,Rate,Price\n44,1,2,3\n", "both say its Price / min")]
    [InlineData("PK\u0003\u0004x", "a workbook or a zip")]
    public void The_refusal_says_what_was_found(string csv, string reason) => Assert.Contains(
        reason, Refuses.With(CreditErrorId.UnknownFormat, () => Read(csv)).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    [Trait("Rule", "G2a")]
    public void Columns_that_are_not_used_are_named_once() => Assert.Equal(
        "list.csv: the columns 'Carrier', 'Quality' are not used.", Read("Prefix,Price / min,Carrier,Quality\n44,0.1,x,y\n").Warning);

    [Theory]
    [Trait("Rule", "G2")]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("Prefix,Destination Name\n44,x\n")]
    [InlineData("Price / min,Destination Name\n0.1,x\n")]
    [InlineData("Prefix,Price / min,prefix\n44,0.1,44\n")]
    [InlineData("Prefix,Price / min,PricePerMinute\n44,0.1,0.2\n")]
    [InlineData("\"Prefix,Price / min\n44,0.1\n")]
    [InlineData("{\"value\":[]}")]
    public void A_file_that_is_no_rate_list_is_of_an_unknown_format(string text) =>
        Refuses.With(CreditErrorId.UnknownFormat, () => Read(text));

    [Fact]
    [Trait("Rule", "G2")]
    public void A_file_that_cannot_be_read_is_of_an_unknown_format()
    {
        Refuses.With(CreditErrorId.UnknownFormat, () => RateListReader.ReadFile(_folder.File("missing.csv")));
        Refuses.With(CreditErrorId.UnknownFormat, () => RateListReader.ReadFile(_folder.Path));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_list_without_rates_is_refused()
    {
        using var ledger = new TestLedger();

        Refuses.With(CreditErrorId.RateRejected, () => ledger.AddRates("Prefix,Price / min\n"));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void Objects_are_read_by_property_names_in_any_of_their_spellings()
    {
        var list = new RateListReader("(objects)");
        list.Add(1, name => name switch { "Prefix" => "44", "PricePerMinute" => "0.5", "DestinationName" => "Britain", _ => null });
        list.Add(2, name => name switch { "Prefix" => "44", "Price / min" => "0.5", _ => null });
        list.Add(3, _ => null);

        Assert.Equal(("44", "Britain"), (Assert.Single(list.Rows).Prefix, list.Rows.First().Destination));
        Assert.Contains("(objects) line 2", Assert.Single(list.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_damaged_list_is_told_and_never_crashes()
    {
        var whole = Encoding.UTF8.GetBytes(
            "Destination Name,Country,Prefix,Price / min\n\"A, \"\"b\"\"\",GB,44,0.015\nCuba,CU,53,0.7\nUS,US,1,0.013\n");
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new SeededRandom(seed);
            var text = whole.ToList();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                switch (random.Next(3))
                {
                    case 0:
                        text[random.Next(text.Count)] = random.Chance(50) ? (byte)random.Next(256) : (byte)"\",\n\0"[random.Next(4)];
                        break;
                    case 1:
                        text.RemoveRange(random.Next(text.Count), 1);
                        break;
                    default:
                        text.Insert(random.Next(text.Count), (byte)"\",\r\n9"[random.Next(5)]);
                        break;
                }
            }

            try
            {
                var list = RateListReader.ReadFile(_folder.Write("damaged.csv", [.. text]));

                Assert.Equal(list.Rows.Count, list.Rows.Select(row => row.Prefix).Distinct().Count());
                Assert.All(list.Rows, row => Assert.True(row.PricePerMinute.Micros >= 0 && row.Prefix.All(char.IsAsciiDigit), $"seed {seed}"));
            }
            catch (CreditException refusal)
            {
                Assert.True(refusal.ErrorId == CreditErrorId.UnknownFormat, $"seed {seed}: {refusal.Message}");
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private RateListReader Read(string text) => RateListReader.ReadFile(_folder.Write("list.csv", text));
}
