using System.Text;
using CommunicationsCredits.Ledger.Rates;
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

        Assert.Equal(("Britain, \"mobile\"\nand more", "GB", 2L), (list.Rows[0].Destination, list.Rows[0].Country, list.Rows[0].Line));
        Assert.Equal((null, null, 4L), (list.Rows[1].Destination, list.Rows[1].Country, list.Rows[1].Line));
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
    [InlineData("44,\"1,50\"", "price '1,50'")]
    [InlineData("44,", "price ''")]
    [InlineData("44,-0.1", "price '-0.1'")]
    [InlineData("44,0.0000001", "price '0.0000001'")]
    [InlineData("44,1e3", "price '1e3'")]
    [InlineData("44,free", "price 'free'")]
    [InlineData(",0.1", "Prefix ''")]
    [InlineData("4 4,0.1", "Prefix '4 4'")]
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
        Assert.Empty(ledger.Session.GetRateSheets());
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_country_that_is_none_is_named() => Assert.Contains(
        "line 2: Country 'UK'", Read("Prefix,Price / min,Country\n44,1,UK\n").Problems[0].Message, StringComparison.Ordinal);

    [Theory]
    [Trait("Rule", "G2")]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("Prefix,Destination Name\n44,x\n")]
    [InlineData("Price / min,Destination Name\n0.1,x\n")]
    [InlineData("Prefix,Price / min,prefix\n44,0.1,44\n")]
    [InlineData("Prefix,Price / min,PricePerMinute\n44,0.1,0.2\n")]
    [InlineData("Prefix;Price / min\n44;0.1\n")]
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

        Assert.Equal(("44", "Britain"), (Assert.Single(list.Rows).Prefix, list.Rows[0].Destination));
        Assert.Equal(2, list.Problems.Count);
        Assert.Contains("(objects) line 2", list.Problems[0].Message, StringComparison.Ordinal);
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
