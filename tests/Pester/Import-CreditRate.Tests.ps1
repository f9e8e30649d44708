BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Import-CreditRate' {
    BeforeEach {
        Connect-TestLedger
        $list = Get-TestPath 'rates.csv'
        Set-Content $list "Country,Destination Name,Prefix,Price / min`nGB,United Kingdom,44,0.02`nUS,United States,1,0.01"
    }

    It 'imports a file, with the defaults' {
        Import-CreditRate $list -Name 'PSTN 2026' | Should -BeNullOrEmpty
        $sheet = Get-CreditRateSheet
        $sheet.Name | Should -Be 'PSTN 2026'
        $sheet.Service | Should -Be 'Outbound'
        $sheet.Currency | Should -Be 'USD'
        $sheet.RateCount | Should -Be 2
        $sheet.InitialIncrement | Should -Be 60
        $sheet.Increment | Should -Be 60
        $sheet.ConnectionFee | Should -Be 0
        $sheet.Decimals | Should -Be 4
        $sheet.Rounding | Should -Be 'HalfUp'
        $sheet.EffectiveFrom.TimeOfDay | Should -Be ([timespan]::Zero)
    }

    It 'takes every setting' {
        $sheet = Import-CreditRate $list -Name EU -Currency eur -Service TollFreeInbound -EffectiveFrom 2026-02-01 -InitialIncrement 30 `
            -Increment 6 -ConnectionFee 0.05 -Decimals 6 -Rounding HalfEven -PassThru
        $sheet | Should -BeOfType ([CommunicationsCredits.CreditRateSheet])
        $sheet.Currency | Should -Be 'EUR'
        $sheet.Service | Should -Be 'TollFreeInbound'
        $sheet.EffectiveFrom | Should -Be ([datetimeoffset]'2026-02-01T00:00:00Z')
        $sheet.InitialIncrement, $sheet.Increment, $sheet.Decimals | Should -Be 30, 6, 6
        $sheet.ConnectionFee | Should -Be 0.05
        $sheet.Rounding | Should -Be 'HalfEven'
    }

    It 'imports what is on the pipeline: <Kind>' -ForEach @(
        @{ Kind = 'a file'; Given = { Get-Item $list } }
        @{ Kind = 'a path'; Given = { $list } }
        @{ Kind = 'an object with a Path'; Given = { [pscustomobject]@{ Path = $list } } }
        @{ Kind = 'the rows of a CSV'; Given = { Import-Csv $list } }
        @{ Kind = 'objects with numbers'; Given = { [pscustomobject]@{ prefix = 44; pricePerMinute = 0.02 }, [pscustomobject]@{ prefix = 1; pricePerMinute = 0.01d } } }
        @{ Kind = 'hashtables'; Given = { @{ Prefix = '44'; PricePerMinute = '0.02' }, @{ Prefix = '1'; PricePerMinute = '0.01' } } }
    ) {
        (& $Given | Import-CreditRate -Name List -PassThru).RateCount | Should -Be 2
        (Get-CreditRate +441134960000).PricePerMinute | Should -Be 0.02
    }

    It 'tells every bad row, and stores nothing' {
        Set-Content $list "Prefix,PricePerMinute`n44,0.02`n4420,x`nabc,0.1`n44,0.03`n1,`"0,01`""
        Import-CreditRate $list -Name List -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be (@('RateRejected') * 4)
        "$($problem[0])" | Should -Match 'rates\.csv line 3'
        "$($problem[1])" | Should -Match 'line 4'
        "$($problem[2])" | Should -Match 'line 5'
        "$($problem[3])" | Should -Match 'line 6'
        Get-CreditRateSheet | Should -BeNullOrEmpty
    }

    It 'tells every bad object' {
        [pscustomobject]@{ Prefix = '44'; PricePerMinute = '1,5' }, [pscustomobject]@{ Other = 1 } |
            Import-CreditRate -Name List -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.ForEach({ Get-ErrorId $_ }) | Should -Be 'RateRejected', 'RateRejected'
        "$($problem[1])" | Should -Match '\(objects\) line 2'
        Get-CreditRateSheet | Should -BeNullOrEmpty
    }

    It 'refuses a second list under the name of the first' {
        Copy-Item $list (Get-TestPath 'rates2.csv')
        Import-CreditRate (Get-TestPath 'rates*.csv') -Name List -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        Get-ErrorId $problem[0] | Should -Be 'RateRejected'
        (Get-CreditRateSheet).RateCount | Should -Be 2
    }

    It 'refuses a prefix that another name has in force' {
        Import-CreditRate $list -Name One -EffectiveFrom 2026-01-01
        Import-CreditRate $list -Name Two -EffectiveFrom 2026-01-01 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'RateRejected'
        (Get-CreditRateSheet).Name | Should -Be 'One'
    }

    It 'refuses <Parameter> <Value> with <Id>' -ForEach @(
        @{ Parameter = 'Currency'; Value = ''; Id = 'InvalidCurrency' }
        @{ Parameter = 'Currency'; Value = 'XQQ'; Id = 'InvalidCurrency' }
        @{ Parameter = 'ConnectionFee'; Value = '0,05'; Id = 'InvalidAmount' }
        @{ Parameter = 'ConnectionFee'; Value = '-1'; Id = 'InvalidAmount' }
        @{ Parameter = 'EffectiveFrom'; Value = '01/02/2026'; Id = 'InvalidInstant' }
        @{ Parameter = 'Increment'; Value = 0; Id = 'RateRejected' }
        @{ Parameter = 'Decimals'; Value = 7; Id = 'RateRejected' }
    ) {
        $settings = @{ $Parameter = $Value }
        Import-CreditRate $list -Name List @settings -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be $Id
        Get-CreditRateSheet | Should -BeNullOrEmpty
    }

    It 'says of a file of another kind that it is none, and of a missing one' {
        Set-Content $list 'nothing of the kind'
        Import-CreditRate $list, (Get-TestPath 'missing.csv') -Name List -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'UnknownFormat'
        Get-CreditRateSheet | Should -BeNullOrEmpty
    }

    It 'replaces a version that made no charge' {
        Import-CreditRate $list -Name List -EffectiveFrom 2026-01-01
        Import-CreditRate $list -Name List -EffectiveFrom 2026-01-01 -Decimals 2
        (Get-CreditRateSheet).Decimals | Should -Be 2
    }
}
