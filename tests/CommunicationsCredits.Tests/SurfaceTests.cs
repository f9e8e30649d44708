using System.Xml.Linq;

namespace CommunicationsCredits.Tests;

/// <summary>The public surface, pinned: scripts depend on these names.</summary>
public class SurfaceTests
{
    private static readonly Dictionary<string, string> Golden = new(StringComparer.Ordinal)
    {
        ["Add-CreditAdjustment"] = "Amount ExpiresAt IdempotencyKey PassThru Reason TenantId",
        ["Add-CreditFunds"] = "Amount ExpiresAt IdempotencyKey PassThru Priority PurchasedAt Reference TenantId",
        ["Backup-CreditLedger"] = "Destination Force",
        ["Clear-UsageRecord"] = "Before TenantId",
        ["Compare-UsageCharge"] = "From TenantId To Tolerance",
        ["Connect-CreditLedger"] = "ConnectionString Credential PassThru Path ReadOnly",
        ["Copy-CreditLedger"] = "Destination DestinationConnectionString",
        ["Disable-AutoRecharge"] = "PassThru TenantId",
        ["Disconnect-CreditLedger"] = "",
        ["Enable-AutoRecharge"] = "PassThru TenantId",
        ["Export-CreditLedger"] = "Force Format Path TenantId",
        ["Export-CreditReport"] = "Force From PassThru Path TenantId To",
        ["Export-CreditUsage"] = "By Force Format From Path TenantId To",
        ["Get-AutoRecharge"] = "TenantId",
        ["Get-AutoRechargeAttempt"] = "From State TenantId",
        ["Get-CreditBalance"] = "AsOf AsPosted TenantId",
        ["Get-CreditBudget"] = "CostCenter Department TenantId User",
        ["Get-CreditForecast"] = "Days TenantId",
        ["Get-CreditFunds"] = "ExpiresWithin IncludeSpent TenantId",
        ["Get-CreditGateway"] = "Name",
        ["Get-CreditGuard"] = "TenantId",
        ["Get-CreditLedger"] = "SealPath",
        ["Get-CreditNotification"] = "Kind NotificationId Status TenantId",
        ["Get-CreditPaymentMethod"] = "Name TenantId",
        ["Get-CreditPool"] = "Capability Country Month TenantId",
        ["Get-CreditRate"] = "At Currency Number Service",
        ["Get-CreditRateSheet"] = "Name",
        ["Get-CreditStatement"] = "AsPosted Month TenantId",
        ["Get-CreditTenant"] = "TenantId",
        ["Get-CreditTransaction"] = "From FundsId ImportId IncludeDraw Kind Newest RecordId TenantId To TransactionId",
        ["Get-CreditUser"] = "Month TenantId User",
        ["Get-UsageImport"] = "ImportId TenantId",
        ["Get-UsageRecord"] = "Country From FundsId ImportId RecordId Service Status TenantId To Top User",
        ["Import-CreditRate"] = "ConnectionFee Currency Decimals EffectiveFrom Increment InitialIncrement InputObject LiteralPath Name PassThru "
            + "Path Rounding Service",
        ["Import-UsageRecord"] = "Format InputObject LiteralPath NoRecharge OnConflict Path PricingSource QuarantinePath TenantId",
        ["Invoke-AutoRecharge"] = "Force TenantId",
        ["Invoke-CreditMaintenance"] = "TenantId",
        ["Measure-CreditCall"] = "At Currency Duration Number Service",
        ["Measure-CreditUsage"] = "By From Status TenantId To Top",
        ["New-CreditTenant"] = "AccountFrom Country Currency LowBalance Name NotificationEmail PassThru TenantId",
        ["Register-CreditGateway"] = "ArgumentList Command Name PassThru SecretName Timeout Uri",
        ["Remove-CreditBudget"] = "CostCenter Department TenantId User",
        ["Remove-CreditGuard"] = "TenantId",
        ["Remove-CreditPaymentMethod"] = "InputObject Name TenantId",
        ["Remove-CreditPool"] = "Capability Country Month TenantId",
        ["Remove-CreditRateSheet"] = "InputObject Name",
        ["Remove-CreditTenant"] = "TenantId",
        ["Remove-CreditUser"] = "Month TenantId User",
        ["Resolve-AutoRechargeAttempt"] = "As AttemptId InputObject PaymentReference",
        ["Restore-CreditLedger"] = "Force Path",
        ["Send-CreditNotification"] = "AccessToken Credential Format From NotificationId Port SecretName Security SmtpServer TenantId To WebhookUri",
        ["Set-AutoRecharge"] = "MaximumPerCharge MaximumPerDay MaximumPerMonth MinimumBalance PassThru PaymentMethod RechargeAmount "
            + "TargetBalance TenantId",
        ["Set-CreditBudget"] = "Amount CostCenter Department PassThru TenantId User",
        ["Set-CreditGuard"] = "AllowedCountry HoldRecharge PassThru Sensitivity TenantId",
        ["Set-CreditPaymentMethod"] = "ExpiryMonth Gateway InputObject Name PassThru PurchaseOrder TenantId Token",
        ["Set-CreditPool"] = "Capability Country InternationalMinutesPerLicense Licenses MinutesPerLicense Month PassThru TenantId",
        ["Set-CreditTenant"] = "AccountFrom Country Currency LowBalance Name NotificationEmail PassThru Status TenantId",
        ["Set-CreditUser"] = "CostCenter Department DisplayName Month PassThru TenantId User",
        ["Test-CreditLedger"] = "Detailed Seal TenantId",
        ["Test-CreditService"] = "Capability Detailed Number Service TenantId User",
        ["Undo-CreditTransaction"] = "IdempotencyKey InputObject PassThru Reason TenantId TransactionId",
        ["Undo-UsageImport"] = "ImportId InputObject PassThru Reason",
        ["Unregister-CreditGateway"] = "InputObject Name",
        ["Update-UsageRecord"] = "From Rerate TenantId To",
    };

    private static readonly string[] Destructive = ["Restore", "Remove", "Clear", "Undo"];

    private static readonly string[] ReadingVerbs = ["Get", "Test", "Measure", "Compare", "Connect", "Disconnect"];

    [Fact]
    public void The_cmdlets_and_their_parameters_are_the_golden_table()
    {
        var found = CmdletMetadata.All.Select(cmdlet =>
            $"{cmdlet.Name}: {string.Join(' ', cmdlet.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal))}");
        var golden = Golden.OrderBy(cmdlet => cmdlet.Key, StringComparer.Ordinal).Select(cmdlet => $"{cmdlet.Key}: {cmdlet.Value}");
        Assert.Equal(string.Join('\n', golden), string.Join('\n', found));
    }

    [Fact]
    public void The_manifest_exports_each_of_them_and_nothing_else()
    {
        var manifest = File.ReadAllText(Checkout.Manifest);
        var start = manifest.IndexOf("CmdletsToExport", StringComparison.Ordinal);
        Assert.True(start >= 0, "There is no CmdletsToExport.");
        var list = manifest[start..manifest.IndexOf(')', start)];
        var exported = list.Split('\'').Where((_, i) => i % 2 == 1).Order(StringComparer.Ordinal);
        Assert.Equal(CmdletMetadata.All.Select(cmdlet => cmdlet.Name), exported);
    }

    [Fact]
    public void Only_what_destroys_asks_by_itself_and_whatever_changes_something_can_be_asked()
    {
        foreach (var cmdlet in CmdletMetadata.All)
        {
            Assert.True(Destructive.Contains(cmdlet.Verb) == cmdlet.HasHighImpact, cmdlet.Name);
            Assert.True(ReadingVerbs.Contains(cmdlet.Verb) || cmdlet.SupportsShouldProcess, cmdlet.Name);
        }
    }

    [Fact]
    public void Every_cmdlet_that_writes_says_what_and_there_is_a_view_of_it()
    {
        var views = XDocument.Load(Path.Combine(Checkout.ModuleStage, "CommunicationsCredits.Format.ps1xml"))
            .Descendants("TypeName").Select(type => type.Value).ToHashSet();
        foreach (var cmdlet in CmdletMetadata.All)
        {
            Assert.True(cmdlet.Outputs.Count > 0, cmdlet.Name);
            foreach (var output in cmdlet.Outputs.Where(output => output.Namespace == "CommunicationsCredits"))
                Assert.True(views.Contains(output.FullName!), $"{cmdlet.Name}: {output.FullName}");
        }
    }

    [Fact]
    public void Tenants_are_taken_by_all_their_names_and_from_the_pipeline()
    {
        foreach (var cmdlet in CmdletMetadata.All)
        {
            if (cmdlet.Parameters.SingleOrDefault(parameter => parameter.Name == "TenantId") is not { } tenant)
                continue;
            Assert.True(CmdletMetadata.Aliases(tenant).Contains("Tenant") && CmdletMetadata.Aliases(tenant).Contains("CustomerId"), cmdlet.Name);
            Assert.True(CmdletMetadata.BindsByPropertyName(tenant), cmdlet.Name);
        }
    }

    [Fact]
    public void Every_cmdlet_has_a_suite_and_a_page_of_help_of_its_own()
    {
        foreach (var cmdlet in CmdletMetadata.All)
        {
            Assert.True(File.Exists(Path.Combine(Checkout.PesterSuites, $"{cmdlet.Name}.Tests.ps1")), cmdlet.Name);
            Assert.True(File.Exists(Path.Combine(Checkout.HelpPages, $"{cmdlet.Name}.md")), cmdlet.Name);
        }
    }

    [Fact]
    public void The_module_brings_SQLite_for_every_PowerShell_that_is_released_and_for_nothing_else()
    {
        var platforms = Path.Combine(Checkout.ModuleStage, "deps", "runtimes");
        Assert.Equal(
            ["linux-arm", "linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64", "win-x86"],
            Directory.GetFiles(platforms, "*e_sqlite3.*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(platforms, file).Split('/', '\\')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_only_the_engine_needs_lies_apart()
    {
        Assert.Equal(
            ["CommunicationsCredits.Contracts.dll", "CommunicationsCredits.dll"],
            Directory.GetFiles(Checkout.ModuleStage, "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(Checkout.ModuleStage, "deps", "CommunicationsCredits.Ledger.dll")));
    }
}
