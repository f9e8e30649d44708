BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    Import-TestRate
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Measure-CreditCall' {
    It 'measures <Text>' -ForEach @(
        @{ Text = '90 seconds'; Duration = 90; Seconds = 120; Cost = 0.06 }
        @{ Text = "'90'"; Duration = '90'; Seconds = 120; Cost = 0.06 }
        @{ Text = '59.5'; Duration = 59.5; Seconds = 60; Cost = 0.03 }
        @{ Text = '60.5'; Duration = 60.5; Seconds = 120; Cost = 0.06 }
        @{ Text = 'a TimeSpan'; Duration = [timespan]'00:01:30'; Seconds = 120; Cost = 0.06 }
        @{ Text = "'00:01:30'"; Duration = '00:01:30'; Seconds = 120; Cost = 0.06 }
        @{ Text = "'1:00:00'"; Duration = '1:00:00'; Seconds = 3600; Cost = 1.8 }
        @{ Text = '0'; Duration = 0; Seconds = 0; Cost = 0 }
    ) {
        $call = Measure-CreditCall +442071838750 $Duration
        $call.BilledSeconds | Should -Be $Seconds
        $call.Cost | Should -Be $Cost
        $call.Cost | Should -BeOfType ([decimal])
        $call.Number | Should -Be '+442071838750'
        $call.Prefix | Should -Be '4420'
        $call.Destination | Should -Be 'London'
        $call.Currency | Should -Be 'USD'
    }

    It 'refuses the duration <Text>' -ForEach @(@{ Text = 'long' }, @{ Text = '1,5' }, @{ Text = '' }, @{ Text = '1:30' }, @{ Text = '-1' }) {
        Measure-CreditCall +442071838750 $Text -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'InvalidAmount'
        $problem[0].TargetObject | Should -Be '+442071838750'
    }

    It 'refuses 1kb seconds' {
        Measure-CreditCall +442071838750 1kb -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'InvalidAmount'
    }

    It 'is told where there is no rate, and goes on' {
        $calls = '+8613800000000', '+14255550100' | Measure-CreditCall -Duration 60 -ErrorAction SilentlyContinue -ErrorVariable problem
        $calls.Cost | Should -Be 0.01
        Get-ErrorId $problem[0] | Should -Be 'NoRate'
        $problem[0].TargetObject | Should -Be '+8613800000000'
    }

    It 'measures the rows of a CSV' {
        $calls = "Number,Duration`n+442071838750,61`n+14255550100,00:02:00" | ConvertFrom-Csv | Measure-CreditCall
        $calls.Cost | Should -Be 0.06, 0.02
    }
}
