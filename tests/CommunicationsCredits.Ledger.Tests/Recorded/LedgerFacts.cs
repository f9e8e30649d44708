using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Tests.Recorded;

/// <summary>
/// What a ledger answers, one fact per line, by its public functions only: so that facts written by one version of the engine can
/// judge another one. Each line names the properties that it shows; a property that a later version adds changes no line.
/// </summary>
internal static class LedgerFacts
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The facts of a ledger.</summary>
    /// <param name="ledger">The ledger; its clock says what is now.</param>
    /// <param name="months">The first month of the statements and pools, and how many there are.</param>
    public static IEnumerable<string> Of(LedgerSession ledger, (DateTimeOffset First, int Count) months)
    {
        foreach (var sheet in ledger.Rates.GetRateSheets())
        {
            yield return Line("sheet", sheet.Name, sheet.Service, sheet.Currency, sheet.EffectiveFrom, sheet.RateCount,
                sheet.InitialIncrement, sheet.Increment, sheet.ConnectionFee, sheet.Decimals, sheet.Rounding);
        }

        foreach (var tenant in ledger.Tenants.GetTenants(TenantSelection.All).OrderBy(tenant => tenant.TenantId, StringComparer.OrdinalIgnoreCase))
        {
            foreach (var fact in OfTenant(ledger, tenant, months))
                yield return fact;
        }

        yield return Line("findings", ledger.Audit.Verify(TenantSelection.All).Count());
    }

    private static IEnumerable<string> OfTenant(LedgerSession ledger, CreditTenant tenant, (DateTimeOffset First, int Count) months)
    {
        var one = TenantSelection.One(tenant.TenantId);
        yield return Line("tenant", tenant.TenantId, tenant.Name, tenant.Currency, tenant.Country,
            string.Join(' ', tenant.NotificationEmail), tenant.LowBalance, tenant.AccountFrom, tenant.Status, tenant.CreatedAt);
        foreach (var entry in ledger.Funds.GetTransactions(one, new()))
        {
            yield return Line("entry", entry.TransactionId, entry.Sequence, entry.Kind, entry.Amount, entry.BalanceAfter,
                entry.EffectiveAt, entry.PostedAt, entry.Actor, entry.Reference, entry.Description);
        }

        var lots = ledger.Funds.GetFunds(one, includeSpent: true).ToList();
        foreach (var lot in lots)
        {
            yield return Line("lot", lot.FundsId, lot.Amount, lot.Remaining, lot.PurchasedAt, lot.ExpiresAt, lot.Priority,
                lot.Source, lot.Reference, lot.Status);
        }

        var starts = Enumerable.Range(0, months.Count).Select(month => months.First.AddMonths(month)).ToList();
        var instants = starts.Concat(lots.SelectMany(lot => new[] { lot.ExpiresAt.AddTicks(-1), lot.ExpiresAt })).Distinct().Order();
        yield return Balance("now", ledger.Funds.GetBalances(one).Single());
        foreach (var at in instants)
            yield return Balance("at", ledger.Funds.GetBalances(one, at).Single());
        foreach (var posted in starts)
            yield return Balance("posted by", ledger.Funds.GetBalances(one, posted, posted).Single());

        foreach (var month in starts.Select(start => start.ToString("yyyy-MM", CultureInfo.InvariantCulture)))
        {
            foreach (var statement in ledger.Reports.GetStatements(one, month))
            {
                yield return Line("statement", month, statement.Opening, statement.Purchased, statement.Recharged, statement.Used,
                    statement.Forfeited, statement.Corrected, statement.Closing, string.Join("; ", statement.Services.AsEnumerable()));
            }

            foreach (var pool in ledger.Pools.GetPools(one, month))
            {
                yield return Line("pool", month, pool.Capability, pool.Country, pool.Licenses, pool.Minutes, pool.MinutesUsed,
                    pool.InternationalMinutes, pool.InternationalMinutesUsed, pool.PercentUsed, pool.Status);
            }
        }

        foreach (var import in ledger.Usage.GetImports(one))
        {
            yield return Line("import", import.ImportId, import.Source, import.Format, import.Read, import.Imported,
                import.Duplicate, import.Free, import.Excluded, import.Unrated, import.Rejected, import.Charged, import.Recharged,
                import.BalanceAfter, import.Elapsed);
        }

        foreach (var record in ledger.Usage.GetRecords(one, new()))
        {
            yield return Line("usage", record.RecordId, record.ImportId, record.StartedAt, record.Duration, record.CallType,
                record.Service, record.Caller, record.Callee, record.User, record.Capability, record.BilledSeconds,
                record.PooledSeconds, record.Charge, record.RecordedCharge, record.RatedCharge, record.Status);
        }

        foreach (var difference in ledger.Usage.CompareCharges(one, null, null))
            yield return Line("difference", difference.RecordId, difference.Difference);
        foreach (var rule in ledger.Recharges.GetRules(one))
        {
            yield return Line("rule", rule.Enabled, rule.MinimumBalance, rule.RechargeAmount, rule.TargetBalance,
                rule.MaximumPerCharge, rule.MaximumPerDay, rule.MaximumPerMonth, rule.PaymentMethod, rule.State,
                rule.LastAttemptAt, rule.NextAttemptAt, rule.LastFailure);
        }

        foreach (var attempt in ledger.Recharges.GetAttempts(one))
        {
            yield return Line("attempt", attempt.AttemptId, attempt.Amount, attempt.State, attempt.Reason, attempt.StartedAt,
                attempt.SettledAt, attempt.PaymentReference);
        }

        foreach (var method in ledger.Recharges.GetPaymentMethods(one))
            yield return Line("method", method.Name, method.Gateway, method.Token, method.ExpiryMonth, method.PurchaseOrder);
        foreach (var notice in ledger.Notifications.GetNotifications(one, [], []))
        {
            yield return Line("notification", notice.NotificationId, notice.Kind, notice.Subject, notice.Body, notice.RaisedAt,
                notice.Status, notice.Attempts, notice.LastError);
        }

        foreach (var service in Enum.GetValues<CreditService>())
        {
            foreach (var capability in new[] { null, "MCOPSTN1", "MCOPSTN8" })
            {
                var answer = ledger.Pools.TestServices(one, new() { Service = service, Capability = capability }).Single();
                yield return Line("service", service, capability, answer.Allowed, answer.Reason, answer.PoolMinutesLeft);
            }
        }
    }

    private static string Balance(string what, CreditBalance balance) => Line("balance " + what, balance.AsOf, balance.Balance,
        balance.NextExpiryAt, balance.NextExpiryAmount, balance.AutoRecharge, balance.State);

    private static string Line(string kind, params object?[] values) => string.Join(" | ", values.Select(Text).Prepend(kind));

    private static string Text(object? value) => value switch
    {
        null => "-",
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),

        // The exact number, however many zeros it was computed with.
        decimal number => number.ToString("0.############", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value.ToString(), Quoted),
    };
}
