using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>Imports of usage into a real ledger: what is kept, charged, refused and told.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "G6")]
    public void A_call_is_kept_with_all_that_was_exported_and_both_its_figures()
    {
        _ledger.AddRates(fee: 0.1m);
        _ledger.AddFunds(10m, "2026-01-01");

        var import = _ledger.Import(new Call { Id = "9C4984C7-6C3C-427D-A30C-BD0B2EACEE90", Seconds = "61", Charge = "0.5", Fee = "0.25" });

        var expected = new UsageRecord
        {
            RecordId = "9c4984c7-6c3c-427d-a30c-bd0b2eacee90",
            TenantId = "contoso.com",
            TenantName = "contoso.com",
            ImportId = "contoso.com/I1",
            StartedAt = TestLedger.At("2026-03-01T10:00:00Z"),
            Duration = TimeSpan.FromSeconds(61),
            CallType = "user_out",
            Service = UsageService.Domestic,
            Caller = "+14255550100",
            Callee = "+12065550100",
            Destination = "United States",
            Country = "US",
            UsageCountry = "US",
            NumberType = "Subscriber",
            User = "ann@contoso.com",
            Operator = null,
            AdministrativeUnit = null,
            Capability = "MCOPSTNPP",
            Sheet = "PSTN",
            Prefix = "1",
            BilledSeconds = 120,
            PooledSeconds = 0,
            Charge = 0.75m,
            RecordedCharge = 0.75m,
            RatedCharge = 0.126m,
            Currency = "USD",
            Status = UsageStatus.Charged,
        };
        Assert.Equal(expected.Values(), Assert.Single(_ledger.Usage()).Values());
        Assert.Equal(9.25m, _ledger.Balance());
        Assert.Equal(("contoso.com/I1", 1, 1, 0, 0.75m, 9.25m), (
            import.Result.ImportId, import.Result.Read, import.Result.Imported, import.Result.Rejected, import.Result.Charged,
            import.Result.BalanceAfter));
        Assert.Equal(import.Result, Assert.Single(_ledger.Session.Usage.GetImports(TenantSelection.All)));
        var difference = Assert.Single(_ledger.Session.Usage.CompareCharges(TenantSelection.All, null, null));
        Assert.Equal((0.75m, 0.126m, 0.624m), (difference.RecordedCharge, difference.RatedCharge, difference.Difference));
    }

    [Theory]
    [Trait("Rule", "G6")]
    [InlineData("0.02", null, false)] // 0.0179 rounds to it.
    [InlineData("0.018", null, false)]
    [InlineData("0.0180", null, false)]
    [InlineData("0.017", null, true)]
    [InlineData("0.0178", null, true)]
    [InlineData("0.01", null, true)]
    [InlineData("0.03", null, true)]
    [InlineData("0", null, true)] // Half a cent is less than that.
    [InlineData("0.02", "0", true)]
    [InlineData("0.02", "0.0021", false)]
    [InlineData("0.03", "0.0121", false)]
    [InlineData("0.03", "0.012", true)]
    public void Charges_differ_where_rounding_does_not_explain_it(string recorded, string? tolerance, bool differs)
    {
        _ledger.AddRates("Prefix,Destination,Rate\n1,United States,0.0179\n", name: "US");
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 0) with { Charge = recorded, Seconds = "60" }]));

        var limit = tolerance is null ? (decimal?)null : decimal.Parse(tolerance, CultureInfo.InvariantCulture);
        Assert.Equal(differs, _ledger.Session.Usage.CompareCharges(TenantSelection.All, null, null, limit).Any());
    }

    [Theory]
    [Trait("Rule", "G6")]
    [InlineData(PricingSource.Auto, "0.50", UsageStatus.Charged, "0.5")]
    [InlineData(PricingSource.Auto, "0.00", UsageStatus.Charged, "0")]
    [InlineData(PricingSource.Auto, "", UsageStatus.Charged, "0.013")]
    [InlineData(PricingSource.Auto, "null", UsageStatus.Charged, "0.013")]
    [InlineData(PricingSource.Record, "0.50", UsageStatus.Charged, "0.5")]
    [InlineData(PricingSource.Record, "0.00", UsageStatus.Charged, "0")]
    [InlineData(PricingSource.Record, "", UsageStatus.Unrated, "0")]
    [InlineData(PricingSource.RateSheet, "0.50", UsageStatus.Charged, "0.013")]
    [InlineData(PricingSource.RateSheet, "0.00", UsageStatus.Charged, "0.013")]
    [InlineData(PricingSource.RateSheet, "bad", UsageStatus.Charged, "0.013")]
    public void The_pricing_source_decides_which_figure_is_charged(PricingSource source, string own, UsageStatus status, string charge)
    {
        _ledger.AddRates();

        _ledger.Import(Call.Csv([new() { Id = "a", Charge = own }]), source: source);

        var record = _ledger.Record("a");
        Assert.Equal((status, decimal.Parse(charge, CultureInfo.InvariantCulture)), (record.Status, record.Charge));
        Assert.Equal(0.013m, record.RatedCharge);
        Assert.Equal(own.StartsWith("0.", StringComparison.Ordinal), record.RecordedCharge is not null);
    }

    [Theory]
    [Trait("Rule", "U5")]
    [InlineData("", "2026-03-01T10:00:00Z", "60", "user_out", "+12065550100", "", "UsageId", "it is missing.")]
    [InlineData("a", "", "60", "user_out", "+12065550100", "", "Start Time", "it is missing.")]
    [InlineData("a", "03/04/2026", "60", "user_out", "+12065550100", "", "Start Time", "'03/04/2026' is not ISO 8601, and which of its numbers is the month")]
    [InlineData("a", "2026-03-01T10:00:00Z", "", "user_out", "+12065550100", "", "Duration Seconds", "it is missing.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "-1", "user_out", "+12065550100", "", "Duration Seconds", "'-1' is not a number of seconds")]
    [InlineData("a", "2026-03-01T10:00:00Z", "1.5", "user_out", "+12065550100", "", "Duration Seconds", "'1.5' is not a number of seconds")]
    [InlineData("a", "2026-03-01T10:00:00Z", "100000000", "user_out", "+12065550100", "", "Duration Seconds", "'100000000' is not a number")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "", "+12065550100", "", "Call Type", "it is missing.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "", "", "Destination Number", "it is missing.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "anonymous", "", "Destination Number", "'anonymous' is not a telephone number.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_in", "", "", "Destination Number", "it is missing.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "+12065550100", "1.2.3", "Charge", "'1.2.3' is not an amount.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "+12065550100", "-0.01", "Charge", "'-0.01' is negative.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "+12065550100", "free", "Charge", "'free' is not an amount.")]
    [InlineData("a", "2026-03-01T10:00:00Z", "60", "user_out", "+12065550100", "1000000001", "Charge", "'1000000001' is not an amount.")]
    public void A_rejection_names_file_line_field_and_reason_and_does_not_stop_the_file(
        string id, string start, string seconds, string type, string to, string charge, string field, string reason)
    {
        _ledger.AddRates();

        var import = _ledger.Import(
            new Call { Id = "before" }, new Call { Id = id, Start = start, Seconds = seconds, Type = type, To = to, Charge = charge },
            new Call { Id = "after" });

        var error = Assert.Single(import.Told.Refusals);
        var rejection = Assert.IsType<UsageRejection>(error.Target);
        Assert.Equal(CreditErrorId.UsageRejected, error.ErrorId);
        Assert.Equal(("contoso.com", 3L, field), (rejection.TenantId, rejection.Line, rejection.Field));
        Assert.StartsWith(reason, rejection.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"{rejection.Source} line 3, {field}: {reason}", error.Message, StringComparison.Ordinal);
        Assert.Contains("-QuarantinePath", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 2, 1), (import.Result.Read, import.Result.Imported, import.Result.Rejected));
        Assert.Equal(["before", "after"], _ledger.Usage().Select(record => record.RecordId));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void A_connection_charge_that_cannot_be_read_is_named()
    {
        var rejection = _ledger.Import(new Call { Id = "a", Charge = "1", Fee = "x" }).Rejections.Single();

        Assert.Equal(("Connection Fee", "'x' is not an amount."), (rejection.Field, rejection.Reason));
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void A_row_with_another_number_of_columns_is_rejected_as_a_whole()
    {
        _ledger.AddRates();
        var import = _ledger.Import(Call.Header + "\n" + new Call { Id = "a" }.ToCsv() + ",more\n" + new Call { Id = "b" }.ToCsv() + "\n");

        var rejection = Assert.Single(import.Rejections);
        Assert.Equal((2L, null), (rejection.Line, rejection.Field));
        Assert.Contains("21 columns", rejection.Reason, StringComparison.Ordinal);
        Assert.Equal(["b"], _ledger.Usage().Select(record => record.RecordId));
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void A_rejection_of_JSON_names_the_property()
    {
        var import = _ledger.Import(Call.Json([new Call { Id = "a", Charge = "1", Start = "yesterday" }, Call.Paid("b", "2026-03-01T00:00:00Z", 1m)]));

        Assert.Equal(UsageFormat.GraphPstnCalls, import.Result.Format);
        Assert.Equal(("startDateTime", 1L), (Assert.Single(import.Rejections).Field, import.Rejections.Single().Line));
        Assert.Equal("a", import.Rejections.Single().RecordId);
        Assert.Equal(1m, import.Result.Charged);
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void Text_that_describes_is_cut_and_rejects_nothing()
    {
        _ledger.Import(new Call
        {
            Id = "a", Charge = "1", User = new string('ü', 200), Destination = new string('d', 500), Capability = new string('c', 300),
        });

        var record = _ledger.Record("a");
        Assert.Equal(new string('ü', 128), record.User);
        Assert.Equal(256, record.Capability!.Length);
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "U5")]
    [InlineData("EUR", "0.50", true)]
    [InlineData("EUR", "0.00", false)]
    [InlineData("EUR", "", false)]
    [InlineData("", "0.50", false)]
    [InlineData("usd", "0.50", false)]
    public void Another_currency_is_rejected_where_the_record_s_charge_is_above_0(string currency, string charge, bool rejected)
    {
        _ledger.AddRates();

        var import = _ledger.Import(new Call { Id = "a", Currency = currency, Charge = charge });

        Assert.Equal(rejected ? CreditErrorId.CurrencyMismatch : null, import.Told.Refusals.SingleOrDefault()?.ErrorId);
        Assert.Equal(rejected ? 0 : 1, import.Result.Imported);
        if (rejected)
            Assert.Equal("Currency", import.Rejections.Single().Field);
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_tenant_is_rated_in_its_own_currency_only()
    {
        _ledger.AddRates();
        _ledger.AddRates("Prefix,Price / min\n1,7", currency: "EUR");
        _ledger.AddTenant("de", new() { Currency = "EUR" });

        _ledger.Import(Call.Csv([new() { Id = "a" }]), tenant: "de");
        _ledger.Import(new Call { Id = "a" });

        Assert.Equal((7m, "EUR"), (_ledger.Record("a", "de").Charge, _ledger.Record("a", "de").Currency));
        Assert.Equal(0.013m, _ledger.Record("a").Charge);
    }

    [Fact]
    [Trait("Rule", "U2")]
    public void The_same_call_from_Graph_and_from_the_CSV_is_one_record()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var call = new Call { Id = "9C4984C7-6C3C-427D-A30C-BD0B2EACEE90", Charge = "1.00", Start = "2026-03-01T10:00:00.1234567Z" };
        _ledger.Import(Call.Json([call with { Id = "9c4984c7-6c3c-427d-a30c-bd0b2eacee90", Currency = "usd" }]));

        foreach (var id in (string[])[call.Id, "{9c4984c7-6c3c-427d-a30c-bd0b2eacee90}", "9c4984c76c3c427da30cbd0b2eacee90"])
        {
            // The portal's export gives whole seconds.
            var again = _ledger.Import(call with { Id = id, Start = "2026-03-01T10:00:00Z" });
            Assert.Equal((1, 0, 1, 0), (again.Result.Read, again.Result.Imported, again.Result.Duplicate, again.Result.Rejected));
        }

        Assert.Single(_ledger.Usage());
        Assert.Equal(9m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "U2")]
    public void Ids_that_are_no_GUIDs_are_told_apart_by_case_and_belong_to_the_tenant()
    {
        _ledger.AddTenant("b");
        _ledger.Import(Call.Paid("x", "2026-03-01", 1m), Call.Paid("X", "2026-03-01", 2m));
        _ledger.Import(Call.Csv([Call.Paid("x", "2026-03-01", 4m)]), tenant: "b");

        Assert.Equal([1m, 2m], _ledger.Usage().Select(record => record.Charge));
        Assert.Equal(-4m, _ledger.Balance(tenant: "b"));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void The_same_file_again_changes_nothing()
    {
        _ledger.AddRates();
        _ledger.AddFunds(10m, "2026-01-01");
        Call[] calls =
        [
            new() { Id = "charged", Charge = "0.123456" }, new() { Id = "rated" }, new() { Id = "unrated", To = "+4930123456" },
            new() { Id = "free", To = "911" }, new() { Id = "excluded", Type = "dr_out", Charge = "1.2.3" },
            new() { Id = "freecall", Capability = "FREECALL", Charge = "bad" }, new() { Id = "free in", Type = "user_in" },
            new() { Id = "masked", To = "+1206555***" }, new() { Id = "no currency", Charge = "1", Currency = "" },
            new() { Id = "long", Charge = "1", Capability = new string('c', 400) }, new() { Id = "other", Type = "whatever", Charge = "2" },
        ];
        var first = _ledger.Import(calls);
        Assert.Equal((11, 11, 0), (first.Result.Read, first.Result.Imported, first.Result.Rejected));
        var entries = _ledger.Money();
        var records = _ledger.Usage();

        var again = _ledger.Import(calls);

        Assert.Empty(again.Told.Refusals);
        Assert.Equal((11, 0, 11, 0m), (again.Result.Read, again.Result.Imported, again.Result.Duplicate, again.Result.Charged));
        Assert.Equal(entries, _ledger.Money());
        Assert.Equal(records, _ledger.Usage());
    }

    [Theory]
    [Trait("Rule", "U3")]
    [InlineData("Start Time", "start+1")]
    [InlineData("Duration Seconds", "seconds")]
    [InlineData("Call Type", "type")]
    [InlineData("Destination Number", "to")]
    [InlineData("Charge", "cent")]
    [InlineData("Charge", "no charge")]
    [InlineData("Currency", "currency")]
    [InlineData("Capability", "capability")]
    [InlineData(null, "same second")]
    [InlineData(null, "same cent")]
    [InlineData(null, "moved fee")]
    [InlineData(null, "case")]
    [InlineData(null, "masked")]
    [InlineData(null, "punctuation")]
    [InlineData(null, "caller")]
    [InlineData(null, "null text")]
    public void Other_billing_content_under_the_same_id_is_a_conflict_and_anything_else_is_not(string? field, string change)
    {
        _ledger.AddRates();
        var call = new Call { Id = "a", Start = "2026-03-01T10:00:00.5Z", Charge = "1.00", Fee = "0.50" };
        _ledger.Import(call);
        var other = change switch
        {
            "start+1" => call with { Start = "2026-03-01T10:00:01Z" },
            "seconds" => call with { Seconds = "61" },
            "type" => call with { Type = "user_out_conf" },
            "to" => call with { To = "+12065550101" },
            "cent" => call with { Charge = "1.01" },
            "no charge" => call with { Charge = "" },
            "currency" => call with { Currency = "" },
            "capability" => call with { Capability = "MCOPSTN1" },
            "same second" => call with { Start = "2026-03-01T11:00:00.9999999+01:00" },
            "same cent" => call with { Charge = "1.004999" },
            "moved fee" => call with { Charge = "1.5", Fee = "0" },
            "case" => call with { Type = "USER_OUT", Currency = "usd", Capability = "mcopstnpp" },
            "masked" => call with { To = "+1206555****" },
            "punctuation" => call with { To = "001 (206) 555-0100" },
            "caller" => call with { From = "+1999", User = "bob@contoso.com", Destination = "x", Country = "DE", Context = "International" },
            _ => call with { User = "null", Destination = "None" },
        };

        var import = _ledger.Import(other);

        Assert.Equal(field, import.Rejections.SingleOrDefault()?.Field);
        if (field is not null)
        {
            Assert.Equal(CreditErrorId.UsageConflict, import.Told.Refusals.Single().ErrorId);
            Assert.Contains("-OnConflict Correct", import.Told.Refusals.Single().Message, StringComparison.Ordinal);
        }

        Assert.Equal(field is null ? (1, 0) : (0, 1), (import.Result.Duplicate, import.Result.Rejected));
        Assert.Equal(0, import.Result.Imported);
        Assert.Equal(-1.5m, _ledger.Balance());
        Assert.Single(_ledger.Usage());
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void A_conflict_may_be_passed_over()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01", 1m));

        var import = _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01", 2m)]), ConflictAction.Skip);

        Assert.Empty(import.Told.Refusals);
        Assert.Equal((1, 0, 0), (import.Result.Duplicate, import.Result.Rejected, import.Result.Imported));
        Assert.Equal(-1m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_correction_reverses_the_old_charge_and_posts_the_new_one()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 3m), Call.Paid("b", "2026-03-02T00:00:00Z", 1m));

        var import = _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01T00:00:00Z", 5m), Call.Paid("b", "2026-03-02T00:00:00Z", 1m)]), ConflictAction.Correct);

        Assert.Equal((2, 1, 1, 2m, 4m), (
            import.Result.Read, import.Result.Imported, import.Result.Duplicate, import.Result.Charged, import.Result.BalanceAfter));
        Assert.Equal([(CreditTransactionKind.Reversal, 3m), (CreditTransactionKind.Usage, -5m)],
            _ledger.Money()[^2..].Select(entry => (entry.Kind, entry.Amount)));
        Assert.Equal(TestLedger.At("2026-03-01"), _ledger.Money()[^2].EffectiveAt);
        Assert.Equal([UsageStatus.Reversed, UsageStatus.Charged, UsageStatus.Charged], _ledger.Usage().Select(record => record.Status));
        Assert.Equal([4m], _ledger.Remaining());

        // Both are known now: the correction is a duplicate, and the old content a conflict.
        Assert.Equal(1, _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 5m)).Result.Duplicate);
        Assert.Equal(1, _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 3m)).Result.Rejected);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_correction_returns_money_to_the_lots_in_reverse_draw_order_and_repays_debt_first()
    {
        _ledger.AddFunds(3m, "2026-01-01", "2026-12-01");
        _ledger.AddFunds(4m, "2026-01-01", "2026-12-02");
        _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 9m), Call.Paid("b", "2026-03-02T00:00:00Z", 5m));
        Assert.Equal([2m, 5m], _ledger.Debts().Select(debt => debt.Unpaid));

        // Nine come back: two were never paid; of the second lot four repay 'b', and of the first one, one; two are left.
        var import = _ledger.Import(Call.Csv([new Call { Id = "a", Type = "dr_out", Charge = "9", Start = "2026-03-01T00:00:00Z" }]), ConflictAction.Correct);

        Assert.Equal(-9m, import.Result.Charged);
        Assert.Empty(_ledger.Debts());
        Assert.Equal([2m, 0m], _ledger.Remaining());
        Assert.Equal(2m, _ledger.Balance());
        Assert.Equal(UsageStatus.Excluded, _ledger.Usage()[^1].Status);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_correction_returns_repayments_and_money_of_lots_that_expired_since()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 9m));
        _ledger.AddFunds(4m, "2026-03-02", "2026-04-01");
        _ledger.AddFunds(6m, "2026-03-02", "2026-12-01");
        Assert.Equal([0m, 1m], _ledger.Remaining());
        _ledger.SetClock("2026-05-01T00:00:00Z");

        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01T00:00:00Z", 2m)]), ConflictAction.Correct);

        // The new charge draws from the lot that expired first; the rest of that is forfeited.
        Assert.Equal([0m, 6m], _ledger.Remaining());
        Assert.Equal(6m, _ledger.Balance());
        Assert.Equal(-2m, _ledger.Entries(kinds: CreditTransactionKind.Forfeiture).Single().Amount);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void The_same_id_twice_in_one_file_is_one_record_whatever_the_action()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        Call[] calls =
        [
            Call.Paid("a", "2026-03-01T00:00:00Z", 1m), Call.Paid("b", "2026-03-01T00:00:00Z", 1m),
            Call.Paid("a", "2026-03-01T00:00:00Z", 1m), Call.Paid("b", "2026-03-01T00:00:00Z", 2m),
            Call.Paid("b", "2026-03-01T00:00:00Z", 3m),
        ];

        var import = _ledger.Import(calls);
        Assert.Equal((5, 2, 1, 2), (import.Result.Read, import.Result.Imported, import.Result.Duplicate, import.Result.Rejected));
        Assert.Equal([5L, 6L], import.Rejections.Select(rejection => rejection.Line));
        Assert.Equal(8m, _ledger.Balance());

        using var other = new TestLedger();
        other.AddFunds(10m, "2026-01-01");
        var corrected = other.Import(Call.Csv(calls), ConflictAction.Correct);
        Assert.Equal((5, 4, 1, 0, 4m), (
            corrected.Result.Read, corrected.Result.Imported, corrected.Result.Duplicate, corrected.Result.Rejected, corrected.Result.Charged));
        Assert.Equal(6m, other.Balance());
        Assert.Equal(1, other.Import(Call.Csv([calls[4]])).Result.Duplicate);
        Assert.Empty(other.Verify());
    }

    [Fact]
    [Trait("Rule", "G7")]
    public void What_has_no_rate_is_kept_told_once_and_charged_later_in_the_order_of_the_import()
    {
        _ledger.AddFunds(2m, "2026-01-01");
        var import = _ledger.Import(
            new Call { Id = "b", Start = "2026-03-02T00:00:00Z", Seconds = "120" }, new Call { Id = "a", Start = "2026-03-01T00:00:00Z" },
            new Call { Id = "c", Start = "2026-03-03T00:00:00Z", To = "+4930123456" });

        Assert.Equal((3, 3, 0m), (import.Result.Imported, import.Result.Unrated, import.Result.Charged));
        Assert.Empty(import.Told.Refusals);
        Assert.Contains("3 record(s)", Assert.Single(import.Told.Warnings), StringComparison.Ordinal);
        Assert.All(_ledger.Usage(), record => Assert.Equal((UsageStatus.Unrated, 0m, null), (record.Status, record.Charge, record.RatedCharge)));

        _ledger.AddRates("Prefix,Price / min\n1,1", from: "2026-01-01");
        var preview = _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: true, default);
        Assert.Equal((3, 1, 3m), (preview.Read, preview.Unrated, preview.Charged));
        Assert.Equal(2m, _ledger.Balance());
        var rated = _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);

        Assert.Equal((3, 3, 1, 3m, -1m), (rated.Read, rated.Imported, rated.Unrated, rated.Charged, rated.BalanceAfter));
        Assert.Equal(["b", "a"], _ledger.Entries(kinds: CreditTransactionKind.Usage).Select(entry => entry.Reference));
        Assert.Equal([UsageStatus.Charged, UsageStatus.Charged, UsageStatus.Unrated], _ledger.Usage().Select(record => record.Status));
        Assert.Equal((0, 1), (_ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Charged, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Unrated));

        // The charge it was given stays, whatever a revision of the sheet says (G2), and a later import of the same calls is a duplicate.
        _ledger.AddRates("Prefix,Price / min\n1,2", from: "2026-01-01");
        Assert.Equal([2m, 1m, 0m], _ledger.Usage().Select(record => record.Charge));
        Assert.Equal(1, _ledger.Import(new Call { Id = "a", Start = "2026-03-01T00:00:00Z" }).Result.Duplicate);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "G6")]
    public void What_was_imported_by_the_rate_sheet_is_charged_later_by_the_rate_sheet_too()
    {
        _ledger.Import(Call.Csv([new() { Id = "a", Charge = "0.50" }, new() { Id = "b", Charge = "0.00" }]), source: PricingSource.RateSheet);
        Assert.Equal(2, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Unrated);
        Assert.Equal(0m, _ledger.Balance());

        _ledger.AddRates("Prefix,Price / min\n1,3");
        _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default);

        Assert.Equal([3m, 3m], _ledger.Usage().Select(record => record.Charge));
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "U5")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_quarantine_file_imports_again_after_repair(bool json)
    {
        Call[] calls =
        [
            Call.Paid("a", "2026-03-01T00:00:00Z", 1m), Call.Paid("b", "not a time", 2m),
            Call.Paid("c", "2026-03-01T00:00:00Z", 4m), Call.Paid("d", "not a time", 8m) with { User = "Bo" },
        ];
        var path = _ledger.Folder.File("quarantine");
        var first = _ledger.Import(json ? Call.Json(calls) : Call.Csv(calls), quarantine: path);
        Assert.Equal(2, first.Result.Rejected);
        Assert.Contains("repair it there", first.Told.Refusals[0].Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        // What is still bad goes to the same kind of file again; a second import adds to it.
        var second = _ledger.Import(json ? Call.Json([Call.Paid("e", "never", 16m)]) : Call.Csv([Call.Paid("e", "never", 16m)]), quarantine: path);
        Assert.Equal(1, second.Result.Rejected);
        File.WriteAllText(path, File.ReadAllText(path).Replace("not a time", "2026-03-02T00:00:00Z", StringComparison.Ordinal));
        var repaired = _ledger.ImportFile(path);

        Assert.Equal((3, 2, 1), (repaired.Result.Read, repaired.Result.Imported, repaired.Result.Rejected));
        Assert.Equal(["a", "c", "b", "d"], _ledger.Usage().Select(record => record.RecordId));
        Assert.Equal(-15m, _ledger.Balance());
    }

    [Theory]
    [Trait("Rule", "U5")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_line_that_stays_bad_is_in_the_quarantine_file_once(bool json)
    {
        Call[] calls = [Call.Paid("a", "never", 1m), Call.Paid("b", "2026-03-01", 1m), Call.Paid("c", "ever", 1m)];
        var path = _ledger.Folder.File("quarantine");
        _ledger.Import(json ? Call.Json(calls) : Call.Csv(calls), quarantine: path);
        var once = File.ReadAllBytes(path);

        var second = _ledger.Import(json ? Call.Json(calls) : Call.Csv(calls), quarantine: path);

        Assert.Equal(2, second.Result.Rejected);
        Assert.Equal(once, File.ReadAllBytes(path));
        Call[] other = [.. calls, Call.Paid("d", "never", 1m)];
        _ledger.Import(json ? Call.Json(other) : Call.Csv(other), quarantine: path);
        Assert.Equal(File.ReadAllLines(path).Distinct(StringComparer.Ordinal), File.ReadAllLines(path));
        Assert.Equal(once, File.ReadAllBytes(path)[..once.Length]);
        Assert.NotEqual(once, File.ReadAllBytes(path));
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void A_quarantine_file_of_another_shape_is_left_alone()
    {
        var path = _ledger.Folder.Write("notes.txt", "my notes\n");

        Refuses.With(CreditErrorId.FileExists, () => _ledger.Import(Call.Csv([Call.Paid("a", "never", 1m), Call.Paid("b", "2026-03-01", 1m)]), quarantine: path));

        Assert.Equal("my notes\n", File.ReadAllText(path));
        Assert.Empty(_ledger.Usage());
    }

    [Fact]
    [Trait("Rule", "U5")]
    public void Without_a_rejection_there_is_no_quarantine_file()
    {
        var path = _ledger.Folder.File("quarantine");

        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-01", 1m)]), quarantine: path);

        Assert.False(File.Exists(path));
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("user_in", "+18005550100", "", UsageService.TollFreeInbound, UsageStatus.Charged, "0.02")]
    [InlineData("conf_in", "+18005550100", "", UsageService.TollFreeInbound, UsageStatus.Charged, "0.02")]
    [InlineData("unassigned_in", "+18005550100", "", UsageService.TollFreeInbound, UsageStatus.Charged, "0.02")]
    [InlineData("ucap_in", "+12065550100", "", UsageService.Inbound, UsageStatus.Free, "0")]
    [InlineData("user_in", "+12065550100", "0.00", UsageService.Inbound, UsageStatus.Free, "0")]
    [InlineData("user_in", "+12065550100", "0.30", UsageService.TollFreeInbound, UsageStatus.Charged, "0.3")]
    [InlineData("user_out", "911", "", null, UsageStatus.Free, "0")]
    [InlineData("user_out", "*67", "", null, UsageStatus.Free, "0")]
    [InlineData("user_out", "911", "0.50", UsageService.Domestic, UsageStatus.Charged, "0.5")]
    [InlineData("user_out", "+1206555***", "", UsageService.Domestic, UsageStatus.Charged, "0.013")]
    [InlineData("ByotOut", "+12065550100", "9", null, UsageStatus.Excluded, "0")]
    [InlineData("oc_user_in", "+12065550100", "9", null, UsageStatus.Excluded, "0")]
    [InlineData("DR_IN", "", "-9", null, UsageStatus.Excluded, "0")]
    [InlineData("something_new", "+12065550100", "0.40", UsageService.Other, UsageStatus.Charged, "0.4")]
    [InlineData("something_new", "", "", UsageService.Other, UsageStatus.Unrated, "0")]
    public void Calls_are_classed_by_type_number_and_charge(
        string type, string to, string own, UsageService? service, UsageStatus status, string charge)
    {
        _ledger.AddRates();
        _ledger.AddRates("Prefix,Price / min\n1800,0.02", name: "Toll-free", service: CreditRateService.TollFreeInbound);

        var import = _ledger.Import(new Call { Id = "a", Type = type, To = to, Charge = own });

        Assert.Empty(import.Told.Refusals);
        var record = _ledger.Record("a");
        Assert.Equal((service, status, decimal.Parse(charge, CultureInfo.InvariantCulture)), (record.Service, record.Status, record.Charge));
        Assert.Equal(status == UsageStatus.Charged ? 1 : 0, _ledger.Entries(kinds: CreditTransactionKind.Usage).Count);
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("Domestic", "US", "+442079460000", UsageService.Domestic)]
    [InlineData("International", "US", "+12065550100", UsageService.International)]
    [InlineData("", "US", "+12065550100", UsageService.Domestic)]
    [InlineData("null", "us", "+12065550100", UsageService.Domestic)]
    [InlineData("", "GB", "+12065550100", UsageService.International)]
    [InlineData("", "", "+12065550100", UsageService.International)]
    public void Domestic_is_what_the_record_says_else_the_country_of_the_rate(string context, string country, string to, UsageService service)
    {
        _ledger.AddRates();

        _ledger.Import(new Call { Id = "a", Context = context, Country = country, To = to });

        Assert.Equal(service, _ledger.Record("a").Service);
    }

    [Fact]
    [Trait("Rule", "U4")]
    public void A_call_of_0_seconds_is_charged_0_and_unrated_without_a_rate()
    {
        _ledger.AddRates(fee: 5m);

        _ledger.Import(new Call { Id = "a", Seconds = "0" }, new Call { Id = "b", Seconds = "0", To = "+4930123456" });

        Assert.Equal((UsageStatus.Charged, 0m, 0), (_ledger.Record("a").Status, _ledger.Record("a").Charge, _ledger.Record("a").BilledSeconds));
        Assert.Equal(UsageStatus.Unrated, _ledger.Record("b").Status);
    }

    [Fact]
    [Trait("Rule", "U7")]
    public void However_the_same_records_are_split_into_files_the_balances_are_the_same()
    {
        var random = new SeededRandom(7);
        var calls = Enumerable.Range(0, 120).Select(i => Call.Paid(
            $"call {i}", TestLedger.At("2026-02-01").AddMinutes(random.Next(60_000)), random.Next(1, 300) / 100m)).ToArray();
        var whole = Split([calls]);

        Assert.Equal(whole, Split(calls.Chunk(1)));
        Assert.Equal(whole, Split(calls.Chunk(7)));
        Assert.Equal(whole, Split([calls[..100], calls[50..], calls]));

        string Split(IEnumerable<Call[]> files)
        {
            using var ledger = new TestLedger("2026-04-15T00:00:00Z");
            ledger.AddFunds(60m, "2026-01-01", "2026-12-01");
            ledger.AddFunds(20m, "2026-02-20", "2026-12-01", 1);
            ledger.AddFunds(20m, "2026-02-10", "2026-04-16");
            foreach (var file in files)
                ledger.Import(file);
            Assert.Empty(ledger.Verify());
            var usage = ledger.Entries(kinds: CreditTransactionKind.Usage).Select(entry => (entry.Reference, entry.Amount));
            return string.Join(' ', [$"{ledger.Balance()}", .. ledger.Remaining().Select(left => $"{left}"), .. usage.Select(entry => $"{entry}")]);
        }
    }

    [Fact]
    [Trait("Rule", "U6")]
    public void A_cancelled_import_keeps_what_was_posted_and_goes_on_when_run_again()
    {
        var calls = Enumerable.Range(0, UsageBatch.Capacity + 500).Select(i => Call.Paid($"{i}", "2026-03-01T00:00:00Z", 0.01m));
        var path = _ledger.Folder.Write("large.csv", Call.Csv(calls));
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { OnProgress = _ => stop.Cancel() };

        var stopped = _ledger.Session.Usage.Import(TestLedger.Contoso, path, new(), observer, stop.Token);

        Assert.True(stopped.Read is > 0 and <= UsageBatch.Capacity, $"{stopped.Read} records were read.");
        Assert.Equal((stopped.Read, stopped.Read * -0.01m), (stopped.Imported, _ledger.Balance()));
        Assert.Empty(_ledger.Verify());
        var rest = _ledger.ImportFile(path);
        Assert.Equal((stopped.Read, UsageBatch.Capacity + 500), (rest.Result.Duplicate, rest.Result.Read));
        Assert.Equal(-(UsageBatch.Capacity + 500) / 100m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void A_preview_answers_as_the_import_would_and_keeps_nothing()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var text = Call.Csv([Call.Paid("a", "2026-03-01", 1m), Call.Paid("b", "never", 1m)]);
        var quarantine = _ledger.Folder.File("quarantine");

        var preview = _ledger.Import(text, quarantine: quarantine, preview: true);

        Assert.Equal((2, 1, 1, 9m), (preview.Result.Read, preview.Result.Imported, preview.Result.Rejected, preview.Result.BalanceAfter));
        Assert.Equal(10m, _ledger.Balance());
        Assert.Empty(_ledger.Usage());
        Assert.Empty(_ledger.Session.Usage.GetImports(TenantSelection.All));
        Assert.False(File.Exists(quarantine));
        Assert.Equal("contoso.com/I1", _ledger.Import(text).Result.ImportId);
    }

    [Theory]
    [Trait("Rule", "U3")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_that_comes_again_in_a_later_batch_is_known_in_a_preview_too(bool preview)
    {
        const int count = (2 * UsageBatch.Capacity) + 1;
        var calls = Enumerable.Range(0, count).Select(i => Call.Paid($"{i}", "2026-03-01T00:00:00Z", 0.01m)).ToList();

        // The first comes again as it was, the second with another charge.
        var import = _ledger.Import(
            Call.Csv([.. calls, calls[0], calls[1] with { Charge = "0.02" }]), preview: preview);

        Assert.Equal((count + 2, count, 1, 1), (import.Result.Read, import.Result.Imported, import.Result.Duplicate, import.Result.Rejected));
        Assert.Equal(CreditErrorId.UsageConflict, Assert.Single(import.Told.Refusals).ErrorId);
        Assert.Equal(count * 0.01m, import.Result.Charged);
        Assert.Equal(preview ? 0 : count, _ledger.Session.Usage.CountRecords(TenantSelection.All, new()));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void An_object_that_comes_again_after_a_flush_is_known_in_a_preview_too()
    {
        using var objects = _ledger.Session.Usage.ImportObjects(TestLedger.Contoso, new() { Preview = true }, new RecordingObserver());
        foreach (var id in (string[])["a", "b", "a"])
        {
            objects.Begin();
            foreach (var (name, value) in Call.Paid(id, "2026-03-01T00:00:00Z", 1m).Properties())
                objects.Set(name, value);
            objects.End();
            objects.Flush();
        }

        var import = objects.Complete();

        Assert.Equal((3, 2, 1, 2m), (import.Read, import.Imported, import.Duplicate, import.Charged));
        Assert.Empty(_ledger.Usage());
    }

    [Fact]
    [Trait("Rule", "U1")]
    public void Objects_are_imported_as_their_files_would_be()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        var observer = new RecordingObserver();
        var quarantine = _ledger.Folder.File("quarantine");
        using (var objects = _ledger.Session.Usage.ImportObjects(TestLedger.Contoso, new() { QuarantinePath = quarantine }, observer))
        {
            foreach (var call in (Call[])[Call.Paid("a", "2026-03-01T00:00:00Z", 1m), Call.Paid("b", "never", 2m), Call.Paid("a", "2026-03-01T00:00:00Z", 1m)])
            {
                objects.Begin();
                foreach (var (name, value) in call.Properties())
                    objects.Set(name, value);
                objects.Set("SomethingNew", "x");
                objects.End();
                if (call.Id == "b")
                    objects.Flush();
            }

            var result = objects.Complete();
            Assert.Equal(("(objects)", 3, 1, 1, 1), (result.Source, result.Read, result.Imported, result.Duplicate, result.Rejected));
        }

        Assert.Equal(("StartDateTime", 2L, "(objects)"), (
            ((UsageRejection)observer.Refusals.Single().Target!).Field, ((UsageRejection)observer.Refusals.Single().Target!).Line,
            ((UsageRejection)observer.Refusals.Single().Target!).Source));
        Assert.Equal(9m, _ledger.Balance());
        Assert.Equal(1, _ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 1m)).Result.Duplicate);

        File.WriteAllText(quarantine, File.ReadAllText(quarantine).Replace("never", "2026-03-02", StringComparison.Ordinal));
        Assert.Equal(2m, _ledger.ImportFile(quarantine).Result.Charged);
    }

    [Fact]
    [Trait("Rule", "U7")]
    public void An_import_reads_the_same_in_every_culture()
    {
        var results = new List<string>();
        foreach (var culture in (string[])["en-US", "de-DE", "tr-TR", "ar-SA", "fa-IR", "th-TH"])
        {
            using var _ = new CultureScope(culture);
            using var ledger = new TestLedger();
            ledger.AddRates(fee: 0.05m);
            ledger.AddFunds(12.34m, "2026-01-01");
            var import = ledger.Import(new Call { Id = "i", Type = "USER_IN", To = "+1800", Charge = "1.234567" }, new Call { Id = "b" }, Call.Paid("c", "never", 1m));
            results.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{ledger.Balance()} {string.Join('|', ledger.Money().Select(entry => entry.ToString()))} {import.Told.Refusals[0].Message}"));
            Assert.Empty(ledger.Verify());
        }

        // The record's own ToString follows the culture; what the ledger says does not.
        Assert.All(results, result => Assert.StartsWith("11.042433 ", result, StringComparison.Ordinal));
        Assert.All(results, result => Assert.EndsWith("in a file of their own.", result, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "U3")]
    public void Records_are_asked_for_by_start_status_service_and_user()
    {
        _ledger.Import(
            Call.Paid("a", "2026-03-01T00:00:00Z", 1m), Call.Paid("b", "2026-02-01T00:00:00Z", 1m) with { User = "Bob%" },
            new Call { Id = "c", Start = "2026-03-02T00:00:00Z", To = "911" });

        List<string> Ids(UsageQuery query)
        {
            var ids = _ledger.Session.Usage.GetRecords(TenantSelection.All, query).Select(record => record.RecordId).ToList();
            Assert.Equal(ids.Count, _ledger.Session.Usage.CountRecords(TenantSelection.All, query));
            return ids;
        }

        Assert.Equal(["a", "b", "c"], Ids(new()));
        Assert.Equal(["b", "a"], Ids(new() { To = TestLedger.At("2026-03-02") }));
        Assert.Equal(["a", "c"], Ids(new() { From = TestLedger.At("2026-03-01") }));
        Assert.Equal(["c"], Ids(new() { Statuses = [UsageStatus.Free] }));
        Assert.Equal(["a", "b"], Ids(new() { Services = [UsageService.Domestic] }));
        Assert.Equal(["b"], Ids(new() { User = "bob%" }));
        Assert.Equal(["a", "c"], Ids(new() { User = "ANN@*" }));
        Assert.Equal(["b"], Ids(new() { User = "?ob*" }));
        Assert.Empty(Ids(new() { User = "%" }));
    }

    public void Dispose() => _ledger.Dispose();
}
