using System.Globalization;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tests.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Audit;

/// <summary>Whatever is changed in the file behind the ledger's back, verification names it.</summary>
public sealed class TamperTests : IDisposable
{
    private static readonly string[] SettingTables =
    [
        "tenant", "recharge_rule", "recharge_state", "payment_method", "attempt", "idempotency", "pool_setting", "pool_month", "sheet", "rate",
        "import", "ledger", "ledger_entry", "usage_rated", "usage_reversed", "credit_user", "usage_day", "usage_month", "budget", "guard", "alarm",
    ];

    private static readonly string[] PostedTables = ["entry", "usage", "lot", "draw", "debt", "account", "usage_key"];

    /// <summary>Tables that no money depends on: docs/security.md says so of each.</summary>
    private static readonly string[] NotVouchedTables = ["notification", "notified", "budget_month", "import_sample", "sheet_used", "usage_keyed"];

    /// <summary>What a change of proves nothing: docs/security.md has the reason of each.</summary>
    private static readonly HashSet<(string Table, string Column)> NotVouchedFor =
    [
        ("account", "episodes"), ("attempt", "episode"), ("ledger", "one"), ("ledger", "application"), ("ledger", "schema_version"),
        ("ledger", "rate_version"), ("ledger", "tenants"), ("ledger", "sheets"), ("sheet", "name_key"), ("payment_method", "name_key"),
        ("import", "recharged"), ("import", "balance_after"), ("import", "elapsed"), ("import", "entry"),

        // The tenant's number is part of every key: a row that is given another one is lost, which is tried below.
        .. PostedTables.Concat(SettingTables).Select(table => (table, "tenant")),
    ];

    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "H1")]
    public void An_untouched_ledger_verifies()
    {
        Fill();

        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "H1")]
    [InlineData("entry")]
    [InlineData("usage")]
    [InlineData("lot")]
    [InlineData("draw")]
    [InlineData("debt")]
    [InlineData("account")]
    [InlineData("usage_key")]
    public void Any_changed_column_is_found(string table)
    {
        Fill();
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);
        var missed = new List<string>();
        var changed = 0;
        foreach (var (key, columns) in Rows(raw, table))
        {
            foreach (var column in columns)
            {
                var where = $"FROM {table} WHERE {key}";
                raw.Execute($"CREATE TEMP TABLE original AS SELECT * {where}");
                try
                {
                    raw.Execute($"UPDATE {table} SET {column} = {Other(raw, column, where)} WHERE {key}");
                    changed += raw.Changes;
                    var findings = _ledger.Verify();
                    if (findings.Count == 0)
                        missed.Add($"{column} of {key}");
                    else
                        Assert.All(findings, finding => Assert.Contains(TestLedger.Contoso, finding.Message, StringComparison.Ordinal));
                }
                finally
                {
                    Restore(raw, table, key, column);
                }
            }
        }

        Assert.True(missed.Count == 0, "Not found: " + string.Join("\n", missed));
        Assert.True(changed >= 3, $"Only {changed} columns were changed.");
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "H1")]
    [InlineData("entry")]
    [InlineData("usage")]
    [InlineData("lot")]
    [InlineData("draw")]
    [InlineData("debt")]
    [InlineData("account")]
    [InlineData("usage_key")]
    public void Any_lost_row_is_found(string rows)
    {
        Fill();
        var table = rows;
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);
        foreach (var (key, _) in Rows(raw, table))
        {
            raw.Execute($"BEGIN; CREATE TEMP TABLE original AS SELECT * FROM {table} WHERE {key}; DELETE FROM {table} WHERE {key}; COMMIT");

            Assert.True(_ledger.Verify().Count > 0, $"Not found: {key}");

            raw.Execute($"INSERT INTO {table} SELECT * FROM original; DROP TABLE original");
        }

        Assert.Empty(_ledger.Verify());
    }

    public static TheoryData<string> TablesOfSettings => new(SettingTables);

    [Theory]
    [Trait("Rule", "H1a, H1b")]
    [MemberData(nameof(TablesOfSettings))]
    public void Any_changed_column_of_what_steers_money_is_found(string table)
    {
        Fill();
        FillSettings();
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);
        raw.Execute("PRAGMA foreign_keys = OFF");
        var missed = new List<string>();
        var rows = Rows(raw, table);
        Assert.NotEmpty(rows);
        foreach (var (key, columns) in rows)
        {
            foreach (var column in columns)
            {
                var where = $"FROM {table} WHERE {key}";
                raw.Execute($"CREATE TEMP TABLE original AS SELECT * FROM {table}");
                try
                {
                    raw.Execute($"UPDATE {table} SET {column} = {OtherSetting(raw, table, column, where)} WHERE {key}");
                    if (_ledger.Verify().Count == 0)
                        missed.Add($"{column} of {key}");
                }
                finally
                {
                    raw.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM original; DROP TABLE original");
                }
            }
        }

        Assert.True(missed.Count == 0, "Not found: " + string.Join("\n", missed));
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "H1a, H1b")]
    [MemberData(nameof(TablesOfSettings))]
    public void Any_lost_row_of_what_steers_money_is_found(string table)
    {
        Fill();
        FillSettings();
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);
        raw.Execute("PRAGMA foreign_keys = OFF");
        var missed = new List<string>();
        foreach (var (key, _) in Rows(raw, table))
        {
            raw.Execute($"CREATE TEMP TABLE original AS SELECT * FROM {table}; DELETE FROM {table} WHERE {key}");
            try
            {
                if (_ledger.Verify().Count == 0)
                    missed.Add(key);
            }
            catch (CreditException known)
            {
                // Without its one row it is no ledger any more, which is said as well.
                Assert.Equal(("ledger", CreditErrorId.LedgerCorrupt), (table, known.ErrorId));
            }
            finally
            {
                raw.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM original; DROP TABLE original");
            }
        }

        Assert.True(missed.Count == 0, "Not found: " + string.Join("\n", missed));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U2")]
    public void Where_the_index_of_identities_is_said_to_end_is_named_if_it_is_too_late_and_harmless_if_it_is_too_early()
    {
        Fill();
        var again = Call.Paid("again", "2026-03-10T00:00:00Z", 1m);
        _ledger.Import(again);
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);

        raw.Execute("DELETE FROM usage_keyed; INSERT INTO usage_keyed SELECT tenant, records + 1 FROM account");
        Assert.NotEmpty(_ledger.Verify());

        raw.Execute("UPDATE usage_keyed SET record = 0");
        _ledger.Reopen();
        Assert.Empty(_ledger.Verify());
        Assert.Equal(1, _ledger.Import(again).Result.Duplicate);
    }

    [Fact]
    [Trait("Rule", "H1a")]
    public void Every_table_is_tried_and_what_is_not_vouched_for_is_published()
    {
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: true);
        using var select = raw.Prepare(@"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'");
        var tables = new List<string>();
        while (select.Step())
            tables.Add(select.Text(0));

        Assert.Equal(tables.Order(), PostedTables.Concat(SettingTables).Concat(NotVouchedTables).Order());
        var page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "security.md"));
        foreach (var name in NotVouchedTables.Concat(NotVouchedFor.Where(column => column.Column != "tenant").Select(column => $"{column.Table}.{column.Column}")))
            Assert.Contains($"`{name}`", page, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Rule", "H1")]
    [InlineData("UPDATE usage SET salt = x'00'")]
    [InlineData("UPDATE usage SET key = x'00' WHERE record = 2")]
    [InlineData("UPDATE usage SET started_at = -1")]
    [InlineData("UPDATE entry SET effective_at = 9223372036854775807")]
    [InlineData("UPDATE lot SET expires_at = -5")]
    [InlineData("UPDATE tenant SET account_from = 9223372036854775807")]
    [InlineData("UPDATE account SET posted_at = 3155378975999999999")]
    public void What_cannot_be_read_is_a_finding_and_no_crash(string damage)
    {
        Fill();
        using (var raw = new SqliteStoreConnection(_ledger.File, readOnly: false))
            raw.Execute(damage);

        Assert.NotEmpty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void The_first_bad_entry_is_named()
    {
        Fill();
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);

        raw.Execute("UPDATE entry SET actor = 'somebody@else' WHERE sequence = 3");

        var finding = _ledger.Verify()[0];
        Assert.Equal((TestLedger.Contoso, 3L, "H1"), (finding.TenantId, finding.Sequence, finding.Rule));
        Assert.StartsWith("Entry 3 of 'contoso.com': ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void A_chain_that_was_made_anew_no_longer_ends_where_the_account_does()
    {
        Fill();
        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: false);

        raw.Execute("DELETE FROM entry WHERE sequence = (SELECT max(sequence) FROM entry)");

        Assert.Contains(_ledger.Verify(), finding => finding.Rule == "H1");
    }

    public void Dispose() => _ledger.Dispose();

    /// <summary>Every kind of entry, lots of all fates, draws, debt, and records of every status.</summary>
    private void Fill()
    {
        _ledger.AddRates();
        _ledger.AddFunds(3m, "2026-01-01", "2026-03-20", reference: "INV-1");
        _ledger.AddFunds(4m, "2026-01-02", "2026-12-01", priority: 2, reference: "INV-2", key: "k");
        _ledger.Import(
            Call.Paid("one lot", "2026-03-01T00:00:00Z", 1m), Call.Paid("two lots", "2026-03-02T00:00:00Z", 4m),
            new Call { Id = "9c4984c7-6c3c-427d-a30c-bd0b2eacee90" }, new Call { Id = "free", To = "911" },
            new Call { Id = "unrated", To = "+4930123456" }, new Call { Id = "zero", Charge = "0.00" });
        _ledger.Import(Call.Csv([Call.Paid("one lot", "2026-03-01T00:00:00Z", 0.5m)]), ConflictAction.Correct);
        _ledger.SetClock("2026-03-21T00:00:00Z");
        _ledger.AddFunds(2m, "2026-03-10", "2026-03-22");
        _ledger.SetClock("2026-03-23T00:00:00Z");
        _ledger.Session.Execute(new Ledger.Tenants.Operations.ChangeTenant(TestLedger.Contoso, new() { Name = "Contoso" }));
        _ledger.Import(Call.Paid("late", "2026-03-19T00:00:00Z", 1m), Call.Paid("debt", "2026-03-23T00:00:00Z", 9m));
        _ledger.AddFunds(1m);
        var kinds = _ledger.Entries().Select(entry => entry.Kind).ToHashSet();
        Assert.Superset(
            new HashSet<CreditTransactionKind>
            {
                CreditTransactionKind.Purchase, CreditTransactionKind.Usage, CreditTransactionKind.Forfeiture, CreditTransactionKind.Release,
                CreditTransactionKind.Reversal, CreditTransactionKind.Setting,
            },
            kinds);
        Assert.NotEmpty(_ledger.Debts());
    }

    /// <summary>A rule with a payment method and an attempt, a pool that is used, and a record that was rated later.</summary>
    private void FillSettings()
    {
        _ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "invoice") { PurchaseOrder = "PO-1" });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso)
        {
            MinimumBalance = 10, RechargeAmount = 50, MaximumPerDay = 1000, PaymentMethod = "invoice",
        });
        _ledger.SetPool("MCOPSTN1", 100, 2);
        _ledger.Import(Call.Paid("recharged", "2026-03-23T01:00:00Z", 20m), new Call { Id = "2f0c4b8e-95bb-4c3b-9f6a-000000000001", Capability = "MCOPSTN1" });
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "ann@contoso.com") { DisplayName = "Ann", Department = "Sales", CostCenter = "4711" });
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { AllowedCountry = ["GB"] });
        _ledger.Import([.. Enumerable.Range(0, 60).Select(i => Call.Paid($"guard-{i}", $"2026-03-{(i % 2) + 22:00}T02:00:00Z", 5m) with { To = "+2693351234" })]);
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 100, new()));
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 10, new(User: "Ann@contoso.com")));
        _ledger.AddRates("Prefix,PricePerMinute\n4930,0.05\n", name: "Germany");
        _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, CancellationToken.None);
        _ledger.Session.Execute(new PauseRule(TestLedger.Contoso, "restored from a copy"));
    }

    private static List<(string Key, List<string> Columns)> Rows(SqliteStoreConnection raw, string table)
    {
        var columns = new List<(string Name, bool IsKey)>();
        using (var info = raw.Prepare($"SELECT name, pk FROM pragma_table_info('{table}')"))
        {
            while (info.Step())
                columns.Add((info.Text(0), info.Int64(1) > 0));
        }

        var keys = columns.Where(column => column.IsKey).Select(column => column.Name).ToList();
        var rows = new List<(string, List<string>)>();
        using var select = raw.Prepare(
            $"SELECT {string.Join(" || ' AND ' || ", keys.Select(key => $"'{key} = ' || quote({key})"))} FROM {table}");
        while (select.Step())
            rows.Add((select.Text(0), [.. columns.Select(column => column.Name).Where(name => !NotVouchedFor.Contains((table, name)))]));
        return rows;
    }

    /// <summary>Another value of the same type.</summary>
    private static string Other(SqliteStoreConnection raw, string column, string where)
    {
        using var type = raw.Prepare($"SELECT typeof({column}), {column} {where}");
        type.Step();
        return type.Text(0) switch
        {
            "integer" when column == "domestic" => "1 - domestic",

            // Later than the last entry is where a clock may have stood; earlier is not.
            "integer" when column == "posted_at" => "posted_at - 1",
            "integer" => $"{column} + {Step(column)}",
            "text" => $"{column} || 'x'",
            "blob" => "x'" + Convert.ToHexString([(byte)(type.Bytes(1)[0] ^ 1), .. type.Bytes(1)[1..]]) + "'",
            _ => column is "salt" or "personal" or "hash" ? "x'01'"
                : column is "sequence" or "balance_after" or "posted_at" or "recorded_at" or "reverses" or "lot" or "record" or "service" or "domestic" or "sheet" || column.EndsWith("charge", StringComparison.Ordinal)
                    ? "1" : "'x'",
        };
    }

    /// <summary>Another value of the column's type, which is no other row's key.</summary>
    private static string OtherSetting(SqliteStoreConnection raw, string table, string column, string where)
    {
        using var type = raw.Prepare(
            $"SELECT typeof({column}), {column}, (SELECT type FROM pragma_table_info('{table}') WHERE name = '{column}') {where}");
        type.Step();
        return type.Text(0) switch
        {
            "integer" when column is "enabled" => $"1 - {column}",
            "integer" => $"{column} + 1000",
            "text" => $"{column} || 'x'",
            "blob" => "x'" + Convert.ToHexString([(byte)(type.Bytes(1)[0] ^ 1), .. type.Bytes(1)[1..]]) + "'",
            _ => type.Text(2) switch { "INTEGER" => "1", "BLOB" => "x'01'", _ => "'x'" },
        };
    }

    /// <summary>So far that it meets no other row of the same key.</summary>
    private static int Step(string column) => column is "sequence" or "record" or "part" or "lot" or "entry" ? 1000 : 1;

    private static void Restore(SqliteStoreConnection raw, string table, string key, string column)
    {
        var parts = key.Split(" AND ");
        if (Array.Exists(parts, part => part.StartsWith(column + " = ", StringComparison.Ordinal)))
        {
            var others = parts.Where(part => !part.StartsWith(column + " = ", StringComparison.Ordinal)).Append("1");
            raw.Execute(
                $"DELETE FROM {table} WHERE {string.Join(" AND ", others)} AND {column} = "
                + (column == "key" ? $"(SELECT key FROM {table} WHERE record = (SELECT record FROM original))"
                    : $"(SELECT {column} + {Step(column)} FROM original)"));
        }
        else
        {
            raw.Execute($"DELETE FROM {table} WHERE {key}");
        }

        raw.Execute($"INSERT INTO {table} SELECT * FROM original; DROP TABLE original");
    }
}
