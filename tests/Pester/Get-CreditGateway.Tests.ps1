BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Get-CreditGateway' {
    BeforeAll {
        Register-CreditGateway psp -Uri https://pay.example/charge -SecretName PSP_SECRET | Out-Null
        Register-CreditGateway program -Command pwsh -ArgumentList '-Version' | Out-Null
    }

    It 'gets the built-in one, and those that were registered' { (Get-CreditGateway).Name | Should -Be 'Invoice', 'psp', 'program' }

    It 'gets those of a name' {
        (Get-CreditGateway PSP).Uri | Should -Be 'https://pay.example/charge'
        (Get-CreditGateway p*).Name | Should -Be 'psp', 'program'
        Get-CreditGateway x* | Should -BeNullOrEmpty
    }

    It 'is told of one that is not there' {
        (Get-CreditGateway nothing, psp -ErrorAction SilentlyContinue -ErrorVariable problem).Name | Should -Be 'psp'
        Get-ErrorId $problem[0] | Should -Be 'GatewayNotFound'
        $problem[0].TargetObject | Should -Be 'nothing'
    }

    It 'is told of a configuration that others can write' -Skip:$IsWindows {
        $file = Join-Path $env:COMMUNICATIONSCREDITS_CONFIGURATION 'gateways.json'
        chmod go+w $file
        try {
            Get-CreditGateway -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            Get-ErrorId $problem[0] | Should -Be 'GatewayInvalid'
        }
        finally { chmod go-w $file }
    }

    It 'completes names' {
        (TabExpansion2 'Get-CreditGateway ps' 20).CompletionMatches.CompletionText | Should -Be 'psp'
    }

    It 'shows itself' {
        $table = Get-CreditGateway | Out-String -Width 160
        $table | Should -Match 'Invoice +0:00:00 +\(built in\)'
        $table | Should -Match 'psp +0:00:30 +PSP_SECRET +https://pay\.example/charge'
        $table | Should -Match 'program +0:00:30 +\S*pwsh\S* -Version'
    }
}
