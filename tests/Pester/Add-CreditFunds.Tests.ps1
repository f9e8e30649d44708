BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Add-CreditFunds' {
    BeforeEach {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com
    }

    It 'posts a purchase that expires twelve months later' {
        Add-CreditFunds contoso.com 500 -Reference INV-2026-0117 | Should -BeNullOrEmpty
        $funds = Get-CreditFunds
        $funds.FundsId | Should -Be 'contoso.com/F1'
        $funds.Amount | Should -Be 500
        $funds.Remaining | Should -Be 500
        $funds.Currency | Should -Be 'USD'
        $funds.Source | Should -Be 'Manual'
        $funds.Status | Should -Be 'Live'
        $funds.Priority | Should -Be 0
        $funds.Reference | Should -Be 'INV-2026-0117'
        $funds.ExpiresAt | Should -Be $funds.PurchasedAt.AddMonths(12)
    }

    It 'takes <Text> as <Amount>' -ForEach @(
        @{ Text = '1.10'; Given = { Add-CreditFunds contoso.com 1.10 }; Amount = 1.10d }
        @{ Text = "'1.10'"; Given = { Add-CreditFunds contoso.com '1.10' }; Amount = 1.10d }
        @{ Text = '0.1'; Given = { Add-CreditFunds contoso.com 0.1 }; Amount = 0.1d }
        @{ Text = '1.5d'; Given = { Add-CreditFunds contoso.com 1.5d }; Amount = 1.5d }
        @{ Text = '[decimal]'; Given = { Add-CreditFunds contoso.com ([decimal]'123456789.123456') }; Amount = 123456789.123456d }
        @{ Text = '[double] 0.000001'; Given = { Add-CreditFunds contoso.com ([double]'1E-06') }; Amount = 0.000001d }
        @{ Text = '[double] 0.1 + 0.2 rounded'; Given = { Add-CreditFunds contoso.com ([math]::Round(0.1 + 0.2, 2)) }; Amount = 0.3d }
        @{ Text = '[single] 1.1'; Given = { Add-CreditFunds contoso.com ([single]1.1) }; Amount = 1.1d }
        @{ Text = '[long]'; Given = { Add-CreditFunds contoso.com ([long]7) }; Amount = 7d }
        @{ Text = 'a variable of 1kb'; Given = { $amount = 1kb; Add-CreditFunds contoso.com $amount }; Amount = 1024d }
        @{ Text = '-Amount:2.50'; Given = { Add-CreditFunds contoso.com -Amount:2.50 }; Amount = 2.5d }
        @{ Text = 'a property'; Given = { [pscustomobject]@{ TenantId = 'contoso.com'; Amount = 2.30 } | Add-CreditFunds }; Amount = 2.3d }
        @{ Text = 'an element of a pipeline'; Given = { Add-CreditFunds contoso.com (2.30 | Write-Output) }; Amount = 2.3d }
    ) {
        & $Given
        (Get-CreditFunds).Amount | Should -Be $Amount
        (Get-CreditFunds).Amount | Should -BeOfType ([decimal])
    }

    It 'refuses <Text>' -ForEach @(
        @{ Text = '1,50'; Given = { Add-CreditFunds contoso.com 1,50 @quiet }; Message = "'1,50' is not an amount. Write it with a point, as in 1.50." }
        @{ Text = "'1,50'"; Given = { Add-CreditFunds contoso.com '1,50' @quiet }; Message = "'1,50' is not an amount. Write it with a point, as in 1.50." }
        @{ Text = '1kb'; Given = { Add-CreditFunds contoso.com 1kb @quiet }; Message = "'1kb' is not an amount*" }
        @{ Text = "'1kb'"; Given = { Add-CreditFunds contoso.com '1kb' @quiet }; Message = "'1kb' is not an amount*" }
        @{ Text = '0x10'; Given = { Add-CreditFunds contoso.com 0x10 @quiet }; Message = "'0x10' is not an amount*" }
        @{ Text = '1e3'; Given = { Add-CreditFunds contoso.com 1e3 @quiet }; Message = "'1e3' is not an amount*" }
        @{ Text = "''"; Given = { Add-CreditFunds contoso.com '' @quiet }; Message = 'An amount is missing*' }
        @{ Text = '$null'; Given = { Add-CreditFunds contoso.com $null @quiet }; Message = 'An amount is missing*' }
        @{ Text = '0'; Given = { Add-CreditFunds contoso.com 0 @quiet }; Message = '*an amount is above 0*' }
        @{ Text = '-5'; Given = { Add-CreditFunds contoso.com -5 @quiet }; Message = '*an amount is above 0*' }
        @{ Text = '0.0000001'; Given = { Add-CreditFunds contoso.com 0.0000001 @quiet }; Message = '*more than six decimals*' }
        @{ Text = '[double] 0.1 + 0.2'; Given = { Add-CreditFunds contoso.com (0.1 + 0.2) @quiet }; Message = '*more than six decimals*' }
        @{ Text = 'NaN'; Given = { Add-CreditFunds contoso.com ([double]::NaN) @quiet }; Message = "'NaN' is not an amount*" }
        @{ Text = '$true'; Given = { Add-CreditFunds contoso.com $true @quiet }; Message = "'True' is not an amount*" }
        @{ Text = 'an empty cell'; Given = { [pscustomobject]@{ TenantId = 'contoso.com'; Amount = '' } | Add-CreditFunds @quiet }; Message = 'An amount is missing*' }
    ) {
        $quiet = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'problem' }
        . $Given
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'InvalidAmount'
        $problem[0].Exception.Message | Should -BeLike $Message
        $problem[0].TargetObject | Should -Be 'contoso.com'
        $problem[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        Get-CreditFunds | Should -BeNullOrEmpty
    }

    It 'keeps instants exactly: <Text>' -ForEach @(
        @{ Text = 'a date'; Given = { '2026-01-31' }; Instant = '2026-01-31T00:00:00.0000000+00:00' }
        @{ Text = 'UTC to 100 ns'; Given = { '2026-01-31T09:30:00.1234567Z' }; Instant = '2026-01-31T09:30:00.1234567+00:00' }
        @{ Text = 'no offset'; Given = { '2026-01-31T09:30:00' }; Instant = '2026-01-31T09:30:00.0000000+00:00' }
        @{ Text = 'an offset'; Given = { '2026-01-31T09:30:00+02:00' }; Instant = '2026-01-31T07:30:00.0000000+00:00' }
        @{ Text = 'a DateTime of no kind'; Given = { [datetime]::new(2026, 1, 31, 9, 30, 0) }; Instant = '2026-01-31T09:30:00.0000000+00:00' }
        @{ Text = 'a DateTime in UTC'; Given = { [datetime]::new(2026, 1, 31, 9, 30, 0, [DateTimeKind]::Utc) }; Instant = '2026-01-31T09:30:00.0000000+00:00' }
        @{ Text = 'a DateTimeOffset'; Given = { [datetimeoffset]::new(2026, 1, 31, 9, 30, 0, [timespan]::FromHours(-5)) }; Instant = '2026-01-31T14:30:00.0000000+00:00' }
    ) {
        $expires = '2999-01-01'
        (Add-CreditFunds contoso.com 5 -PurchasedAt (& $Given) -ExpiresAt $expires -PassThru).PurchasedAt.ToString('o') | Should -Be $Instant
    }

    It 'converts a local DateTime' {
        $local = [datetime]::SpecifyKind([datetime]'2026-01-31T09:30:00', 'Local')
        (Add-CreditFunds contoso.com 5 -PurchasedAt $local -ExpiresAt 2999-01-01 -PassThru).PurchasedAt | Should -Be ([datetimeoffset]$local)
    }

    It 'refuses the instant <Text>' -ForEach @(
        @{ Text = '03/04/2026' }, @{ Text = '2026-13-01' }, @{ Text = 'yesterday' }, @{ Text = '' }, @{ Text = 20260131 }
    ) {
        Add-CreditFunds contoso.com 5 -PurchasedAt $Text -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'InvalidInstant'
        $problem[0].TargetObject | Should -Be 'contoso.com'
        Get-CreditFunds | Should -BeNullOrEmpty
    }

    It 'refuses funds of the future and funds that have expired' {
        Add-CreditFunds contoso.com 5 -PurchasedAt 2999-01-01 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'FundsInFuture'
        Add-CreditFunds contoso.com 5 -PurchasedAt 2020-01-01 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'FundsAlreadyExpired'
    }

    It 'takes the rows of a CSV, an empty cell being as if it were not there' {
        @'
TenantId,Amount,PurchasedAt,ExpiresAt,Priority,Reference,IdempotencyKey
contoso.com,10.50,2026-01-01,2999-01-01,3,A-1,key
fabrikam.com,20,,,,,
'@ | ConvertFrom-Csv | Add-CreditFunds
        $funds = Get-CreditFunds
        $funds.TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        $funds.Amount | Should -Be 10.5, 20
        $funds.Priority | Should -Be 3, 0
        $funds[0].Reference | Should -Be 'A-1'
        $funds[1].Reference | Should -BeNullOrEmpty
        $funds[1].ExpiresAt | Should -Be $funds[1].PurchasedAt.AddMonths(12)
    }

    It 'posts a key once, and refuses it with other parameters' {
        $first = Add-CreditFunds contoso.com 5 -IdempotencyKey k -PassThru
        $again = Add-CreditFunds contoso.com 5 -IdempotencyKey k -PassThru
        $again.FundsId | Should -Be $first.FundsId
        Add-CreditFunds contoso.com 6 -IdempotencyKey k -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'IdempotencyConflict'
        $problem[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        (Get-CreditFunds).Count | Should -Be 1
    }

    It 'refuses a card number, and does not echo it' {
        Add-CreditFunds contoso.com 5 -Reference '4111 1111 1111 1111' -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'CardNumberRefused'
        "$($problem[0])" | Should -Not -Match '4111'
    }

    It 'goes on after a tenant that is not there' {
        'contoso.com', 'nobody', 'fabrikam.com' | Add-CreditFunds -Amount 5 -ErrorAction SilentlyContinue -ErrorVariable problem
        (Get-CreditFunds).TenantId | Should -Be 'contoso.com', 'fabrikam.com'
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }
}
