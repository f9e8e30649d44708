@{
    RootModule = 'CommunicationsCredits.dll'
    ModuleVersion = '0.1.0'
    GUID = '6f0c5e0b-3c0c-4a57-9f5e-6a0f3a6b5d21'
    Author = 'CommunicationsCredits contributors'
    CompanyName = 'CommunicationsCredits contributors'
    Copyright = 'Copyright (c) CommunicationsCredits contributors. MIT License.'
    Description = 'Keeps the prepaid account of Microsoft Teams Communications Credits for many tenants: funds as lots with their expiry, calls from usage exports charged at published rates, and exact balances, in a ledger file of your own.'

    CompatiblePSEditions = @('Core')
    PowerShellVersion = '7.4'

    # The types file refers to them, and is read before the root module is.
    RequiredAssemblies = @('CommunicationsCredits.Contracts.dll', 'CommunicationsCredits.dll')
    TypesToProcess = @('CommunicationsCredits.Types.ps1xml')
    FormatsToProcess = @('CommunicationsCredits.Format.ps1xml')

    FunctionsToExport = @()
    CmdletsToExport = @(
        'Connect-CreditLedger'
        'Copy-CreditLedger'
        'Get-CreditLedger'
        'Disconnect-CreditLedger'
        'Test-CreditLedger'
        'New-CreditTenant'
        'Get-CreditTenant'
        'Set-CreditTenant'
        'Remove-CreditTenant'
        'Add-CreditFunds'
        'Get-CreditFunds'
        'Get-CreditBalance'
        'Get-CreditTransaction'
        'Import-CreditRate'
        'Get-CreditRate'
        'Get-CreditRateSheet'
        'Remove-CreditRateSheet'
        'Measure-CreditCall'
        'Import-UsageRecord'
        'Get-UsageRecord'
        'Measure-CreditUsage'
        'Export-CreditUsage'
        'Get-CreditUser'
        'Get-CreditBudget'
        'Get-CreditGuard'
        'Set-CreditGuard'
        'Remove-CreditGuard'
        'Set-CreditBudget'
        'Remove-CreditBudget'
        'Set-CreditUser'
        'Remove-CreditUser'
        'Update-UsageRecord'
        'Get-UsageImport'
        'Compare-UsageCharge'
        'Set-AutoRecharge'
        'Get-AutoRecharge'
        'Enable-AutoRecharge'
        'Disable-AutoRecharge'
        'Invoke-AutoRecharge'
        'Get-AutoRechargeAttempt'
        'Resolve-AutoRechargeAttempt'
        'Set-CreditPaymentMethod'
        'Get-CreditPaymentMethod'
        'Remove-CreditPaymentMethod'
        'Register-CreditGateway'
        'Get-CreditGateway'
        'Unregister-CreditGateway'
        'Get-CreditNotification'
        'Send-CreditNotification'
        'Invoke-CreditMaintenance'
        'Set-CreditPool'
        'Get-CreditPool'
        'Remove-CreditPool'
        'Test-CreditService'
        'Add-CreditAdjustment'
        'Undo-CreditTransaction'
        'Undo-UsageImport'
        'Clear-UsageRecord'
        'Get-CreditStatement'
        'Get-CreditForecast'
        'Export-CreditLedger'
        'Backup-CreditLedger'
        'Restore-CreditLedger'
        'Export-CreditReport'
    )
    VariablesToExport = @()
    AliasesToExport = @()

    PrivateData = @{
        PSData = @{
            Tags = @(
                'Teams', 'CommunicationsCredits', 'PSTN', 'Telephony', 'Billing', 'Credits', 'Usage', 'Microsoft365',
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri = 'https://github.com/communicationscredits/communicationscredits/blob/main/LICENSE'
            ProjectUri = 'https://github.com/communicationscredits/communicationscredits'
            ReleaseNotes = 'https://github.com/communicationscredits/communicationscredits/blob/main/CHANGELOG.md'
        }
    }
}
