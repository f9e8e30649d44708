BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    New-CreditTenant a -Name Contoso -LowBalance 5
    New-CreditTenant b -Name Fabrikam
    Import-TestRate
    Add-CreditFunds a 10 -Reference one
    Add-CreditFunds a 20 -Reference two
    Add-CreditFunds b 1
    New-TeamsRow 1 -Charge 1 | Import-UsageRecord -TenantId a | Out-Null
    New-TeamsRow 2 -Callee '+12065550100' | Import-UsageRecord -TenantId a | Out-Null

    # As it comes from a machine that has no module.
    function ConvertTo-Deserialized {
        param([Parameter(ValueFromPipeline)] $Source)
        process {
            $far = [pscustomobject]@{}
            foreach ($property in $Source.psobject.Properties) { $far | Add-Member -NotePropertyName $property.Name -NotePropertyValue $property.Value }
            $far.pstypenames.Insert(0, "Deserialized.$($Source.GetType().FullName)")
            $far
        }
    }
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'An object about a tenant' {
    It 'goes to any command, by the pipeline and as an argument: <_>' -ForEach 'Get-CreditTenant', 'Get-CreditBalance', 'Get-CreditForecast', 'Get-CreditStatement' {
        $object = & $_ a -WarningAction SilentlyContinue
        ($object | Get-CreditBalance).TenantId | Should -Be 'a'
        (Get-CreditBalance $object).TenantId | Should -Be 'a'
        (Get-CreditBalance ($object | ConvertTo-Deserialized)).TenantId | Should -Be 'a'
        ($object | Get-CreditFunds).Count | Should -Be 2
        ($object | Add-CreditFunds -Amount 1 -WhatIf -PassThru).TenantId | Should -Be 'a'
    }
}

Describe 'An object about one thing' {
    It 'asks for its tenant once: <_>' -ForEach 'Get-CreditBalance', 'Get-CreditTenant', 'Get-CreditForecast', 'Get-CreditStatement' {
        @(Get-CreditFunds | & $_ -WarningAction SilentlyContinue).TenantId | Should -Be 'a', 'b'
        @(& $_ (Get-CreditFunds a) -WarningAction SilentlyContinue).TenantId | Should -Be 'a'
    }

    It 'goes to the commands of its own noun as itself' {
        (Get-CreditFunds a | Select-Object -Last 1 | Get-CreditFunds).Reference | Should -Be 'two'
        (Get-CreditFunds (Get-CreditFunds a)[0]).Reference | Should -Be 'one'
        (Get-CreditTransaction a -Kind Usage | Select-Object -First 1 | Get-CreditTransaction).Count | Should -Be 1
        (Get-UsageRecord a | Select-Object -First 1 | Get-UsageRecord).Count | Should -Be 1
        (Get-UsageImport a | Select-Object -First 1 | Get-UsageImport).ImportId | Should -Be 'a/I1'
        (Get-CreditNotification a | Select-Object -First 1 | Get-CreditNotification).Count | Should -BeLessOrEqual 1
    }

    It 'goes to a command with a parameter for it' {
        (Get-UsageImport a | Select-Object -Last 1 | Get-UsageRecord).RecordId | Should -Be (Get-TestId 2)
        (Get-UsageRecord (Get-UsageImport a)[0]).RecordId | Should -Be (Get-TestId 1)
        (Get-UsageImport a | Select-Object -Last 1 | ConvertTo-Deserialized | Get-UsageRecord).RecordId | Should -Be (Get-TestId 2)
    }

    It 'is refused elsewhere, and changes nothing: <Name>' -ForEach @(
        @{ Name = 'a lot to imports'; Do = { Get-CreditFunds a | Get-UsageImport -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'a record to funds'; Do = { Get-UsageRecord a | Add-CreditFunds -Amount 5 -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'a record as an argument'; Do = { Set-CreditTenant (Get-UsageRecord a) -Name x -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'a record to the undoing of its import'; Do = { Get-UsageRecord a | Undo-UsageImport -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'a record to blanking'; Do = { Get-UsageRecord a | Clear-UsageRecord -Before 2999-01-01 -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'an import to maintenance'; Do = { Get-UsageImport a | Invoke-CreditMaintenance -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'from a job'; Do = { Get-CreditFunds a | ConvertTo-Deserialized | Set-AutoRecharge -MinimumBalance 1 -RechargeAmount 1 -ErrorAction SilentlyContinue -ErrorVariable +problem } }
    ) {
        $problem = @()
        . $Do | Should -BeNullOrEmpty
        $problem.Count | Should -Be 2
        $problem.ForEach({ Get-ErrorId $_ }) | Select-Object -Unique | Should -Be 'ObjectRefused'
        (Get-CreditFunds a).Count | Should -Be 2
        (Get-UsageRecord a)[0].Status | Should -Be 'Charged'
        Get-AutoRecharge a | Should -BeNullOrEmpty
    }

    It 'is rated by the number that was dialled, at its time and in its currency' {
        $rate = Get-UsageRecord a | Get-CreditRate
        $rate.Prefix | Should -Be '44', '1'
        (Get-CreditRate (Get-UsageRecord a)[1]).Prefix | Should -Be '1'
        (Get-UsageRecord a | Select-Object -Last 1 | Measure-CreditCall).Cost | Should -Be 0.01
        Get-CreditFunds a | Get-CreditRate -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'ObjectRefused'
    }
}

Describe 'Anything else' {
    It 'binds by its properties' {
        (Get-CreditFunds a | Select-Object TenantId, Amount | Add-CreditFunds -WhatIf -PassThru).Amount | Should -Be 10, 20
        (Get-CreditFunds a | ConvertTo-Csv | ConvertFrom-Csv | Get-CreditBalance).TenantId | Should -Be 'a', 'a'
    }
}
