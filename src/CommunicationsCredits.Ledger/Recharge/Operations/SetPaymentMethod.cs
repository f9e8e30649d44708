using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Stores how a tenant's recharges are paid; the same name again replaces it, and counts as a new method (R9).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="name">The method's name.</param>
public sealed class SetPaymentMethod(string tenantId, string name) : LedgerOperation<CreditPaymentMethod>
{
    private const int LongestText = 128;

    // Of a shorter token, its end would give away most of it.
    private const int ShortestTokenShown = 12;
    private const int TokenEndShown = 4;

    private byte[]? _sealedToken;

    /// <summary>The gateway's name; <c>Invoice</c> for a new method where nothing is given.</summary>
    public string? Gateway { get; init; }

    /// <summary>The payment provider's token; never a card number.</summary>
    public string? Token { get; init; }

    /// <summary>The last month in which the card is good, yyyy-MM.</summary>
    public string? ExpiryMonth { get; init; }

    /// <summary>The purchase order that invoices are written to.</summary>
    public string? PurchaseOrder { get; init; }

    internal override Needs Needs
    {
        get
        {
            foreach (var (text, what) in new[] { (name, "name"), (Gateway, "gateway"), (Token, "token"), (ExpiryMonth, "expiry month"), (PurchaseOrder, "purchase order") })
            {
                CardNumbers.Refuse(text, what);
                if (text?.Length > LongestText || text?.Any(char.IsControl) == true)
                    throw LedgerErrors.TextTooLong($"payment method's {what}", LongestText, tenantId);
            }

            if (string.IsNullOrWhiteSpace(name))
                throw new CreditException(CreditErrorId.RuleInvalid, "A payment method needs a name (-Name).", tenantId);
            if (ExpiryMonth is not null && !DateTime.TryParseExact(ExpiryMonth, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                throw new CreditException(
                    CreditErrorId.InvalidInstant, $"'{ExpiryMonth}' is not a month. Write it as yyyy-MM, as in 2028-04.", ExpiryMonth);
            }

            return Needs.Of(tenantId) with { PaymentMethods = true };
        }
    }

    /// <inheritdoc/>
    internal override void Seal(Func<string, byte[]> seal) => _sealedToken = Token is null ? null : seal(Token);

    internal override CreditPaymentMethod Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var before = draft.FindMethod(name);
        var method = new PaymentMethod
        {
            Name = name,
            Gateway = Gateway ?? before?.Gateway ?? Gateways.Invoice,
            ProtectedToken = Token is null ? before?.ProtectedToken : _sealedToken ?? throw new InvalidOperationException("The token was not sealed."),
            TokenEnd = Token is null ? before?.TokenEnd : Token.Length < ShortestTokenShown ? string.Empty : Token[^TokenEndShown..],
            ExpiryMonth = ExpiryMonth ?? before?.ExpiryMonth,
            PurchaseOrder = PurchaseOrder ?? before?.PurchaseOrder,
        };
        draft.PutMethod(method);
        if (draft.Rule is { Declines: > 0 } rule)
            draft.SetRule(rule.Resumed());
        draft.Note(string.Join(", ", new[]
        {
            $"Payment method {method.Name}: gateway {method.Gateway}",
            method.ExpiryMonth is null ? null : $"good until {method.ExpiryMonth}",
            method.PurchaseOrder is null ? null : $"purchase order {method.PurchaseOrder}",
            Token is null ? null : "new token",
        }.OfType<string>()));
        draft.Finish();
        return method.ToContract(tenant);
    }
}
