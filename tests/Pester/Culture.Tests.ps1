BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $before = [cultureinfo]::CurrentCulture
}
AfterAll {
    [cultureinfo]::CurrentCulture = $before
    Disconnect-CreditLedger | Out-Null
}

Describe 'In the culture <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA', 'sv-SE', 'fr-FR', 'en-GB' {
    BeforeAll {
        [cultureinfo]::CurrentCulture = $_
        Connect-TestLedger
        New-CreditTenant contoso.com -LowBalance 1.5
        Import-TestRate
    }
    AfterAll { [cultureinfo]::CurrentCulture = $before }

    It 'an amount is written with a point: <Text>' -ForEach @(
        @{ Text = '1.50 typed'; Given = { Add-CreditFunds contoso.com 1.50 -PassThru } }
        @{ Text = '1.50 quoted'; Given = { Add-CreditFunds contoso.com '1.50' -PassThru } }
        @{ Text = 'a double'; Given = { $amount = 1.5; Add-CreditFunds contoso.com $amount -PassThru } }
        @{ Text = 'a double of a pipeline'; Given = { Add-CreditFunds contoso.com (1.5 | Write-Output) -PassThru } }
        @{ Text = 'a decimal'; Given = { Add-CreditFunds contoso.com 1.5d -PassThru } }
        @{ Text = 'a property'; Given = { [pscustomobject]@{ TenantId = 'contoso.com'; Amount = 1.5 } | Add-CreditFunds -PassThru } }
    ) {
        $funds = & $Given
        $funds.Amount | Should -Be ([decimal]::new(15, 0, 0, $false, 1))
    }

    It 'an amount with a comma is refused' {
        Add-CreditFunds contoso.com '1,50' -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidAmount'
    }

    It 'an instant is ISO 8601' {
        $instant = [datetimeoffset]::new(2026, 1, 31, 9, 30, 0, [timespan]::Zero)
        foreach ($given in '2026-01-31T09:30:00', '2026-01-31T09:30:00Z', $instant, $instant.UtcDateTime) {
            (Add-CreditFunds contoso.com 1 -PurchasedAt $given -ExpiresAt 2999-12-31 -PassThru).PurchasedAt | Should -Be $instant
        }
        Add-CreditFunds contoso.com 1 -PurchasedAt 31.01.2026 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
    }

    It 'objects mean the same' {
        $import = (New-GraphRow 1 -Charge 0.5 -Start ([datetime]::new(2026, 1, 5, 10, 0, 0, [DateTimeKind]::Utc)) -Seconds 60.0),
            (New-GraphRow 2 -Charge ([decimal]'0.25') -Start ([datetimeoffset]'2026-01-05T10:00:00Z')) |
            Import-UsageRecord -TenantId contoso.com
        $import.Imported | Should -Be 2
        $records = Get-UsageRecord contoso.com
        $records.Charge | Should -Be 0.5, 0.25
        $records.StartedAt | Should -Be (@([datetimeoffset]::new(2026, 1, 5, 10, 0, 0, [timespan]::Zero)) * 2)
        (Measure-CreditCall +441134960000 59.5).BilledSeconds | Should -Be 60
    }

    It 'the tables look the same' {
        Get-CreditTenant | Format-List | Out-String -Width 200 | Should -Match 'USD +1\.50'
        Get-CreditTransaction -Kind Purchase -First 1 | Out-String -Width 200 | Should -Match 'USD +1\.50'
        Get-UsageRecord -First 1 | Out-String -Width 200 | Should -Match '2026-01-05 10:00 .*USD +0\.50'
        Get-CreditRateSheet | Out-String -Width 200 | Should -Match '2020-01-01'
    }
}
