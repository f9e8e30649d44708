using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

public sealed class RechargeSizingTests
{
    private static readonly Gen<Case> Cases =
        from digits in Gen.Elements(0, 2, 3)
        from minimum in Money(0, 1_000_000, digits)
        from isFixed in Gen.Elements(true, false)
        from size in Money(1, 500_000, digits)
        from balance in Gen.Choose(-2_000_000_000, 2_000_000_000)
        from today in Money(0, 300_000, digits)
        from earlier in Money(0, 300_000, digits)
        from perCharge in Cap(digits)
        from perDay in Cap(digits)
        from perMonth in Cap(digits)
        select new Case(
            new()
            {
                Enabled = true,
                Minimum = minimum,
                FixedAmount = isFixed ? size : null,
                Target = isFixed ? null : minimum + size,
                MaximumPerCharge = perCharge,
                MaximumPerDay = perDay,
                MaximumPerMonth = perMonth,
            },
            new(balance),
            today,
            today + earlier,
            digits);

    public static TheoryData<string> Vectors() => Shared.Cases("vectors", "recharge.csv");

    [SharedTheory]
    [MemberData(nameof(Vectors))]
    [Trait("Rule", "R3")]
    public void The_published_examples_are_charged_as_they_say(string line)
    {
        var row = Shared.Row(line, "vectors", "recharge.csv");
        var isFixed = row["mode"] == "Fixed";
        var rule = new RechargeRule
        {
            Enabled = true,
            Minimum = Read(row["minimum"]),
            FixedAmount = isFixed ? Read(row["amount_or_target"]) : null,
            Target = isFixed ? null : Read(row["amount_or_target"]),
            MaximumPerCharge = row["max_per_charge"].Length == 0 ? null : Read(row["max_per_charge"]),
        };

        var size = RechargeSizing.Size(rule, Read(row["balance"]), Amount.Zero, Amount.Zero, 2);

        Assert.Equal(Read(row["charge"]), size.Charge);
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void A_charge_is_never_above_a_cap() => ForAll(c =>
    {
        var charge = c.Size().Charge;
        return charge >= Amount.Zero
            && !(charge > c.Rule.MaximumPerCharge)
            && (charge == Amount.Zero || !(charge + c.Today > c.Rule.MaximumPerDay))
            && (charge == Amount.Zero || !(charge + c.Month > c.Rule.MaximumPerMonth));
    });

    [Fact]
    [Trait("Rule", "R3")]
    public void A_charge_closes_the_gap_whole_and_no_more_when_the_caps_allow() => ForAll(c =>
    {
        var size = c.Size();
        if (c.Balance >= c.Rule.Minimum)
            return size == default;
        var goal = c.Rule.Target ?? c.Rule.Minimum;
        var closes = c.Balance + size.Wanted >= goal && c.Balance + size.Wanted - c.Step < goal;
        return closes && (size.Cap is not null || size.Charge == size.Wanted);
    });

    [Fact]
    [Trait("Rule", "R3")]
    public void A_charge_is_made_of_whole_multiples_or_minor_units() => ForAll(
        c => c.Size().Charge.Micros % c.Step.Micros == 0);

    [Fact]
    [Trait("Rule", "R4")]
    public void A_charge_is_as_much_as_the_caps_allow_and_names_the_cap_that_allowed_the_least() => ForAll(c =>
    {
        var size = c.Size();
        if (size.Cap is not { } cap)
            return size.Charge == size.Wanted;
        var left = cap switch
        {
            RechargeCap.MaximumPerCharge => c.Rule.MaximumPerCharge!.Value,
            RechargeCap.MaximumPerDay => c.Rule.MaximumPerDay!.Value - c.Today,
            _ => c.Rule.MaximumPerMonth!.Value - c.Month,
        };
        return size.Charge < size.Wanted && size.Charge + c.Step > left
            && !(left > c.Rule.MaximumPerCharge) && !(left > c.Rule.MaximumPerDay - c.Today)
            && !(left > c.Rule.MaximumPerMonth - c.Month);
    });

    [Theory]
    [Trait("Rule", "R10")]
    [InlineData(0, 30, false)]
    [InlineData(10, 30, false)]
    [InlineData(11, 20, true)]
    [InlineData(35, 0, true)]
    [InlineData(50, 0, true)]
    public void A_held_rule_charges_a_day_what_it_may_less_what_was_charged(int today, int charge, bool isHeld)
    {
        var rule = new RechargeRule { Enabled = true, Minimum = Of(25), FixedAmount = Of(10), Target = null, MaximumPerDay = Of(500) };

        var size = RechargeSizing.Size(rule, Of(-5), Of(today), Of(today), 2, heldPerDay: Of(40));

        Assert.Equal((Of(30), Of(charge), isHeld ? RechargeCap.Held : (RechargeCap?)null), (size.Wanted, size.Charge, size.Cap));

        static Amount Of(int units) => new(units * 1_000_000L);
    }

    [Fact]
    [Trait("Rule", "M1")]
    public void A_gap_beyond_all_amounts_is_no_small_charge()
    {
        var rule = new RechargeRule { Enabled = true, Minimum = new(long.MaxValue), FixedAmount = new(10), Target = null };

        Assert.Throws<OverflowException>(() => RechargeSizing.Size(rule, Amount.Zero, Amount.Zero, Amount.Zero, 2));
    }

    private static void ForAll(Func<Case, bool> holds) =>
        Prop.ForAll(Cases.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static Gen<Amount> Money(int least, int most, int digits) =>
        Gen.Choose(least, most).Select(units => new Amount(units * Rounding.StepMicros(digits)));

    private static Gen<Amount?> Cap(int digits) => Gen.Frequency(
        (1, Gen.Constant<Amount?>(null)), (1, Money(1, 600_000, digits).Select(amount => (Amount?)amount)));

    private static Amount Read(string text) => Amount.FromDecimal(decimal.Parse(text, CultureInfo.InvariantCulture));

    private sealed record Case(RechargeRule Rule, Amount Balance, Amount Today, Amount Month, int Digits)
    {
        public Amount Step => Rule.FixedAmount ?? new(Rounding.StepMicros(Digits));

        public RechargeSize Size() => RechargeSizing.Size(Rule, Balance, Today, Month, Digits);
    }
}
