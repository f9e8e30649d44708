BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Test-CreditService' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com, fabrikam.com, tailspin.example, closed.example
        Import-TestRate
        Add-CreditFunds contoso.com, closed.example 10
        Set-CreditTenant closed.example -Status Closed
        Set-CreditPool tailspin.example MCOPSTN1 -Licenses 2
    }

    It 'answers yes or no, for each tenant' {
        Test-CreditService contoso.com -Service International | Should -BeTrue
        Test-CreditService fabrikam.com International | Should -BeFalse
        Test-CreditService contoso.com International | Should -BeOfType bool
        Get-CreditBalance | Test-CreditService -Service Domestic | Should -Be $false, $true, $false, $true
    }

    It 'says why' {
        $answers = Test-CreditService -Service Domestic -Detailed
        $answers.TenantId | Should -Be 'closed.example', 'contoso.com', 'fabrikam.com', 'tailspin.example'
        $answers.Reason | Should -Be 'TenantClosed', 'Credits', 'BalanceExhausted', 'Pool'
        $answers.Allowed | Should -Be $false, $true, $false, $true
        $answers[1].Balance | Should -Be 10
        $answers[3].PoolMinutesLeft | Should -Be 6000
    }

    It 'answers for a number' {
        $answer = Test-CreditService contoso.com -Number '+44 113 496 0000' -Detailed
        $answer.Service | Should -Be 'International'
        $answer.Allowed | Should -BeTrue
        (Test-CreditService contoso.com -Number +14255550100 -Detailed).Service | Should -Be 'Domestic'
        (Test-CreditService contoso.com -Number +8613800000000 -Detailed).Reason | Should -Be 'NoRate'
        (Test-CreditService contoso.com -Number +442079460000 -Service ConferenceDialOut -Detailed).Service | Should -Be 'ConferenceDialOut'
    }

    It 'counts the minutes of a capability' {
        (Test-CreditService tailspin.example Domestic -Capability MCOPSTN1 -Detailed).Reason | Should -Be 'Pool'
        (Test-CreditService tailspin.example Domestic -Capability MCOPSTN5 -Detailed).Reason | Should -Be 'BalanceExhausted'
    }

    It 'needs a service or a number' {
        $command = Get-Command Test-CreditService
        $command.ParameterSets.Count | Should -Be 2
        foreach ($set in $command.ParameterSets) {
            @($set.Parameters.Where({ $_.IsMandatory -and $_.Name -in 'Service', 'Number' })).Count | Should -Be 1
        }
    }

    It 'goes on after a tenant that is not there' {
        'nobody', 'contoso.com' | Test-CreditService -Service Domestic -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeTrue
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'shows itself' {
        Test-CreditService -Service Domestic -Detailed | Out-String -Width 160 |
            Should -Match 'tailspin… +Domestic +yes +Pool +USD +0\.00 +6,000'
    }
}
