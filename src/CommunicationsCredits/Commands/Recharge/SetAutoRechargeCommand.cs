using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Sets tenants' recharge rules, or changes them; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "AutoRecharge",
    HelpUri = HelpPages.Folder + "Set-AutoRecharge.md", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRecharge))]
public sealed class SetAutoRechargeCommand : PassThruTenantChangeCommandBase<AutoRecharge>
{
    private readonly TenantWarning _uncapped = new();

    /// <summary>The balance below which the rule buys, 0 or more, in the tenant's currency.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? MinimumBalance { get; set; }

    /// <summary>The amount to buy; as many whole ones in one charge as it takes. It takes the place of a target.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? RechargeAmount { get; set; }

    /// <summary>The balance to buy up to, above the minimum. It takes the place of an amount.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? TargetBalance { get; set; }

    /// <summary>The most that one charge may be. By default there is no such cap.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? MaximumPerCharge { get; set; }

    /// <summary>The most that may be charged in a day UTC. By default there is no such cap.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? MaximumPerDay { get; set; }

    /// <summary>The most that may be charged in a month UTC. By default there is no such cap, which warns.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? MaximumPerMonth { get; set; }

    /// <summary>The payment method's name. By default a new rule invoices.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PaymentMethodCompleter))]
    public string? PaymentMethod { get; set; }

    private protected override void Process(string id)
    {
        var (amount, target) = Size();
        Submit(id, $"Set the recharge rule of {Called(id)}", new SetRechargeRule(id)
        {
            MinimumBalance = ValueOrNull(MinimumBalance, nameof(MinimumBalance)),
            RechargeAmount = amount,
            TargetBalance = target,
            MaximumPerCharge = ValueOrNull(MaximumPerCharge, nameof(MaximumPerCharge)),
            MaximumPerDay = ValueOrNull(MaximumPerDay, nameof(MaximumPerDay)),
            MaximumPerMonth = ValueOrNull(MaximumPerMonth, nameof(MaximumPerMonth)),
            PaymentMethod = ValueOrNull(PaymentMethod, nameof(PaymentMethod)),
        });
    }

    private protected override void Finish()
    {
        base.Finish();
        if (_uncapped.Text("These recharge rules have no monthly cap and buy as often as the balance falls; -MaximumPerMonth sets one") is { } text)
            WriteWarning(text);
    }

    private protected override void WarnAbout(AutoRecharge result)
    {
        if (result.MaximumPerMonth is null)
        {
            _uncapped.Add(
                result.TenantName,
                $"The recharge rule of {Display.Tenant(result.TenantName, result.TenantId)} has no monthly cap: it buys as often as the balance falls. "
                + "-MaximumPerMonth sets one.");
        }
    }

    /// <summary>The amount and the target. Of the two, what was typed takes the place of what an object on the pipeline has.</summary>
    private (decimal? Amount, decimal? Target) Size()
    {
        var amount = ValueOrNull(RechargeAmount, nameof(RechargeAmount));
        var target = ValueOrNull(TargetBalance, nameof(TargetBalance));
        if (amount is null || target is null)
            return (amount, target);
        return (IsOnCommandLine(nameof(RechargeAmount)), IsOnCommandLine(nameof(TargetBalance))) switch
        {
            (true, false) => (amount, null),
            (false, true) => (null, target),
            _ => (amount, target),
        };
    }
}
