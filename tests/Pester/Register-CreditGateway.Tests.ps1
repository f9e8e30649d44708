BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Register-CreditGateway' {
    BeforeEach { Remove-Item $env:COMMUNICATIONSCREDITS_CONFIGURATION -Recurse -ErrorAction Ignore }

    It 'keeps an address' {
        $gateway = Register-CreditGateway psp -PassThru -Uri https://pay.example/charge -SecretName PSP_SECRET -Timeout 5
        $gateway.Name | Should -Be 'psp'
        $gateway.Uri | Should -Be 'https://pay.example/charge'
        $gateway.SecretName | Should -Be 'PSP_SECRET'
        $gateway.Timeout | Should -Be ([timespan]::FromSeconds(5))
        $gateway.Command | Should -BeNullOrEmpty
        (Get-CreditGateway psp).Uri | Should -Be $gateway.Uri
    }

    It 'keeps a program on the PATH by its full path' {
        $gateway = Register-CreditGateway psp -PassThru -Command pwsh -ArgumentList '-Version' -Timeout 00:01:00
        [IO.Path]::IsPathRooted($gateway.Command) | Should -BeTrue
        $gateway.Command | Should -Be (Get-Command pwsh -CommandType Application | Select-Object -First 1).Path
        $gateway.ArgumentList | Should -Be '-Version'
        $gateway.Timeout | Should -Be ([timespan]::FromMinutes(1))
        (Register-CreditGateway other -Command pwsh -PassThru).Timeout | Should -Be ([timespan]::FromSeconds(30))
    }

    It 'keeps a script as pwsh and its path, from wherever it was named' {
        Set-Content (Get-TestPath 'charge it.ps1') '"{}"'
        Push-Location TestDrive:
        try { $gateway = Register-CreditGateway psp -PassThru -Command './charge it.ps1' -ArgumentList '-Test', 1 }
        finally { Pop-Location }
        $gateway.Command | Should -Match 'pwsh(\.exe)?$'
        $gateway.ArgumentList | Should -Be '-NoProfile', '-NonInteractive', '-File', (Get-TestPath 'charge it.ps1'), '-Test', '1'
    }

    It 'replaces the one of that name' {
        Register-CreditGateway psp -Uri https://old.example | Out-Null
        Register-CreditGateway PSP -Uri https://new.example | Out-Null
        (Get-CreditGateway psp).Uri.Host | Should -Be 'new.example'
    }

    It 'needs no ledger, and makes none' {
        Disconnect-CreditLedger | Out-Null
        $before = $env:COMMUNICATIONSCREDITS_LEDGER
        try {
            $env:COMMUNICATIONSCREDITS_LEDGER = Get-TestPath 'none.db'
            Register-CreditGateway psp -Uri https://pay.example | Out-Null
            Get-CreditGateway | Out-Null
            Unregister-CreditGateway psp
            Get-TestPath 'none.db' | Should -Not -Exist
        }
        finally { $env:COMMUNICATIONSCREDITS_LEDGER = $before }
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'plain HTTP'; Arguments = @{ Uri = 'http://pay.example' } }
        @{ Why = 'what is no address'; Arguments = @{ Uri = 'pay' } }
        @{ Why = 'a password in the address'; Arguments = @{ Uri = 'https://me:secret@pay.example' } }
        @{ Why = 'a program that is not on the PATH'; Arguments = @{ Command = 'no-such-program' } }
        @{ Why = 'a path that leads nowhere'; Arguments = @{ Command = './no-such-program' } }
        @{ Why = 'a time-out of an hour'; Arguments = @{ Uri = 'https://pay.example'; Timeout = '01:00:00' } }
        @{ Why = 'the name of the built-in one'; Arguments = @{ Uri = 'https://pay.example'; Name = 'invoice' } }
    ) {
        $name = @{ Name = 'psp' }
        if ($Arguments.Name) { $name = @{} }
        Register-CreditGateway @name @Arguments -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'GatewayInvalid'
        "$($problem[0])" | Should -Not -Match 'secret@'
        (Get-CreditGateway).Name | Should -Be 'Invoice'
    }

    It 'refuses a card number among the arguments, and does not repeat it' {
        Register-CreditGateway psp -Command pwsh -ArgumentList 4111111111111111 -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'CardNumberRefused'
        "$($problem[0])" | Should -Not -Match '1111'
    }

    It 'refuses a file that cannot be run' -Skip:$IsWindows {
        Set-Content (Get-TestPath 'notes.txt') 'x'
        Register-CreditGateway psp -Command (Get-TestPath 'notes.txt') -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'GatewayInvalid'
        "$($problem[0])" | Should -BeLike '*chmod*'
    }

    It 'writes what only its owner can change' -Skip:$IsWindows {
        Register-CreditGateway psp -Uri https://pay.example | Out-Null
        Get-ChildItem $env:COMMUNICATIONSCREDITS_CONFIGURATION | ForEach-Object UnixMode | Should -Be '-rw-------'
    }

    It 'keeps nothing under -WhatIf' {
        (Register-CreditGateway psp -Uri https://pay.example -WhatIf -PassThru).Name | Should -Be 'psp'
        Register-CreditGateway psp -Uri http://pay.example -WhatIf -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'GatewayInvalid'
        (Get-CreditGateway).Name | Should -Be 'Invoice'
    }
}
