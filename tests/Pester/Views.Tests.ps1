BeforeDiscovery {
    $format = [xml](Get-Content "$PSScriptRoot/../../src/CommunicationsCredits/CommunicationsCredits.Format.ps1xml" -Raw)
    $views = foreach ($view in $format.Configuration.ViewDefinitions.View) {
        @{
            Type = @($view.ViewSelectedBy.TypeName)[0]; Table = $null -ne $view.TableControl
            Columns = @($view.TableControl.TableRowEntries.TableRowEntry.TableColumnItems.TableColumnItem.ScriptBlock)
        }
    }
    $tables = $views.Where({ $_.Table })
    $types = $views.Type | Where-Object { $_ -notmatch '#' } | Sort-Object -Unique | ForEach-Object { @{ Type = $_ } }
}

BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $script:Attention = 'services closed, recharge paused: card_expired, 1234567.10 expires in 30 days'

    # An object of a type with values that need much room: each amount is one of its own, with a sign, seven digits and six decimals.
    function New-WideObject {
        param([string] $Type)
        # After a # stands what a command was asked for besides, with a view of its own.
        $made = [System.Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject([type]($Type -replace '#.*'))
        if ($Type -match '#') { $made.PSTypeNames.Insert(0, $Type) }
        $amount = -1234567.000001d
        foreach ($property in $made.GetType().GetProperties()) {
            $kind = [Nullable]::GetUnderlyingType($property.PropertyType) ?? $property.PropertyType
            $value = switch ($kind) {
                ([decimal]) { $property.Name -eq 'PercentUsed' ? 99.9d : $amount; $amount -= 0.100001d; break }
                ([datetimeoffset]) { [datetimeoffset]'2026-11-26T09:30:00Z'; break }
                ([timespan]) { [timespan]'1.02:03:04'; break }
                ([bool]) { $false; break }
                ([int]) { 123456; break }
                ([long]) { 123456L; break }
                ([uri]) { [uri]'https://pay.example/charge'; break }
                ([string[]]) { , [string[]]('billing@contoso.example', 'finance@contoso.example'); break }
                ([string]) {
                    switch ($property.Name) {
                        'Currency' { 'USD' }
                        { $_ -in 'TenantName', 'Name' } { 'Consolidated Messenger International Holdings of North America' }
                        'TenantId' { '6513270e-2b7c-4f65-9a41-0d6a3f6c1e01' }
                        'Attention' { $Attention }
                        { $_ -in 'Month', 'ExpiryMonth' } { '2026-11' }
                        default { 'text of 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01/A12 that goes on and on' }
                    }
                    break
                }
                { $_.IsEnum } { [enum]::GetValues($kind) | Sort-Object { "$_".Length } | Select-Object -Last 1 }
            }
            if ($null -ne $value) { $property.SetValue($made, [System.Management.Automation.LanguagePrimitives]::ConvertTo($value, $property.PropertyType)) }
        }
        $made
    }

    # What a view has to show whole, however narrow it is.
    function Get-Whole {
        param($Wide, [string[]] $Columns)
        foreach ($column in $Columns) {
            foreach ($found in @([regex]::Matches($column, '::(?:Money|Amount)\(\$_\.(\w+)'))[0]) { '{0:#,##0.00####}' -f $Wide.$($found.Groups[1].Value).psobject.BaseObject }
            if ($column -match '\[string\]\$_\.(\w+)' -or $column -match '::Word\(\$_\.(\w+)') { [string]$Wide.$($Matches[1]) -creplace '(?<!^)(?=[A-Z])', '(?: ?)' }
            if ($column -match '\$_\.Attention') { $Attention -split ' ' -replace '[.]', '\.' }
        }
    }
}

Describe 'The default views' {
    It 'show money and state whole in each width, of <Type>' -ForEach $tables {
        [cultureinfo]::CurrentCulture = 'en-US'
        $wide = New-WideObject $Type
        $whole = Get-Whole $wide $Columns
        foreach ($width in @(79, 80, 100, 120, 160) + (81..130)) {
            $shown = @($wide) | Format-Table | Out-String -Width $width
            foreach ($text in $whole) { $shown | Should -Match $text -Because "of $Type at $width columns" }
            ($shown -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        }
    }

    It 'show each property in a list, of <Type>' -ForEach $types {
        $wide = New-WideObject $Type
        $shown = $wide | Format-List | Out-String -Width 80
        foreach ($property in $wide.GetType().GetProperties()) {
            if ($property.Name -eq 'Name' -and $wide.psobject.Properties['TenantName']) { continue }
            $shown | Should -Match "(?m)^$($property.Name)\s*:"
        }
    }

    It 'begin with the tenant''s name, of <Type>' -ForEach $tables {
        $wide = New-WideObject $Type
        if ($wide.psobject.Properties['TenantName']) { $wide | Format-Table | Out-String -Width 80 | Should -Match '(?m)^Consol' }
    }

    It 'show results without the module''s types, as they come from a machine, as they show live ones: <Type>' -ForEach $types {
        $wide = New-WideObject $Type
        $far = [pscustomobject]@{}
        foreach ($property in $wide.psobject.Properties) {
            $value = $property.Value
            if ($value -is [datetimeoffset] -or $value -is [enum]) { $value = $value.psobject.ToString() }
            $far | Add-Member -NotePropertyName $property.Name -NotePropertyValue $value
        }
        $far.pstypenames.Insert(0, "Deserialized.$Type")
        $far | Out-String -Width 120 | Should -Be ($wide | Out-String -Width 120)
        $far | Format-List | Out-String -Width 120 | Should -Be ($wide | Format-List | Out-String -Width 120)
    }
}

Describe 'Results of a job' {
    BeforeAll {
        Connect-TestLedger job.db
        New-CreditTenant a -Name Contoso -NotificationEmail x@contoso.example, y@contoso.example
        Add-CreditFunds a 20.5 -PurchasedAt 2026-01-01T01:02:03.0000004Z -ExpiresAt 2999-01-01
        New-TeamsRow 1 -Charge 1.25 | Import-UsageRecord -TenantId a | Out-Null
        $job = Start-Job -ArgumentList "$((Get-Module CommunicationsCredits).ModuleBase)/CommunicationsCredits.psd1", (Get-CreditLedger).Location -ScriptBlock {
            param($Module, $Ledger)
            Import-Module $Module
            [cultureinfo]::CurrentCulture = 'de-DE'
            Connect-CreditLedger $Ledger
            Get-CreditTenant; Get-CreditFunds; Get-CreditBalance; Get-UsageRecord; Get-CreditStatement -Month 2026-01
        }
        $script:Far = $job | Receive-Job -Wait -AutoRemoveJob
        $script:Live = & { Get-CreditTenant; Get-CreditFunds; Get-CreditBalance; Get-UsageRecord; Get-CreditStatement -Month 2026-01 }
    }
    AfterAll { Disconnect-CreditLedger | Out-Null }

    It 'have the values that they had, of their types' {
        $Far.Count | Should -Be 5
        for ($i = 0; $i -lt 5; $i++) {
            $Far[$i] | Should -BeOfType $Live[$i].GetType()
            foreach ($property in $Live[$i].GetType().GetProperties().Where({ $_.Name -notin 'AsOf', 'Services' })) {
                $Far[$i].$($property.Name) | Should -Be $Live[$i].$($property.Name) -Because $property.Name
            }
        }
        $Far[1].PurchasedAt | Should -BeOfType datetimeoffset
        $Far[4].Services[0].Amount | Should -Be -1.25
    }

    It 'go to other commands as live ones do' {
        ($Far[0] | Get-CreditBalance).Balance | Should -Be 19.25
    }
}

Describe 'The columns' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01 -Name Contoso
        New-CreditTenant 0fd6a2c4-2b7c-4f65-9a41-0d6a3f6c1e02 -Name Fabrikam
        Add-CreditFunds 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01 187.689 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
        Add-CreditFunds 0fd6a2c4-2b7c-4f65-9a41-0d6a3f6c1e02 1234567.5 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    }
    AfterAll { Disconnect-CreditLedger | Out-Null }

    It 'have their decimal points under each other' {
        $lines = (Get-CreditBalance | Out-String -Width 80) -split '\r?\n' -match 'USD'
        $lines.Count | Should -Be 2
        $lines.ForEach({ $_.IndexOf('.') }) | Select-Object -Unique | Should -HaveCount 1
    }

    It 'are properties that can be asked for' {
        Get-CreditBalance | Where-Object Attention | Should -BeNullOrEmpty
        (Add-CreditAdjustment 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01 -200 -Reason test)
        (Get-CreditBalance | Where-Object Attention).Attention | Should -Be 'services closed'
    }

    It 'colour what needs attention, but not where colour is not wanted' {
        $balance = Get-CreditBalance 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01
        $before = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $balance | Out-String -Width 80 | Should -Match "`e\[91m"
            $PSStyle.OutputRendering = 'PlainText'
            $balance | Out-String -Width 80 | Should -Not -Match "`e"
        }
        finally { $PSStyle.OutputRendering = $before }
    }

    It 'show control characters as pictures' {
        New-TeamsRow 1 -User "u`e[2J`e]0;PWN`a@x" -Callee '+14255550100' -Charge 1 | Import-UsageRecord -TenantId 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01 | Out-Null
        Add-CreditFunds 0fd6a2c4-2b7c-4f65-9a41-0d6a3f6c1e02 1 -Reference "a`u{202e}b`u{9b}2J"
        $before = $PSStyle.OutputRendering
        try {
            # Nothing takes escape sequences out on the way.
            $PSStyle.OutputRendering = 'Ansi'
            $shown = @(Get-UsageRecord | Out-String -Width 160) + @(Get-UsageRecord | Format-List | Out-String) + @(Get-CreditFunds | Out-String -Width 160)
            $shown | Should -Not -Match "`e\[2J|`e\]|`a|`u{202e}|`u{9b}"
            $shown[0] | Should -Match '␛\[2J'
        }
        finally { $PSStyle.OutputRendering = $before }
    }
}

Describe 'The types file' {
    It 'has each property of <Type>, in its order, read only' -ForEach $types {
        $properties = ([type]$Type).GetProperties().Name
        $wide = New-WideObject $Type
        ($wide | Get-Member -MemberType CodeProperty).Name | Sort-Object | Should -Be ($properties | Sort-Object)
        ($wide | ConvertTo-Csv)[0] | Should -Be (($properties.ForEach({ "`"$_`"" })) -join ',')
        $wide.PSStandardMembers.PropertySerializationSet.ReferencedPropertyNames | Should -Be $properties
        foreach ($property in $properties) { { $wide.$property = $null } | Should -Throw '*ReadOnly*' }
    }

    It 'gives amounts and instants the text of every culture, and their own where a format is asked for' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $funds = New-WideObject CommunicationsCredits.CreditFunds
            $funds.Amount.ToString() | Should -Be '-1234567.000001'
            $funds.Amount.ToString('N2') | Should -Be '-1.234.567,00'
            $funds.Amount.ToString('N2', [cultureinfo]::InvariantCulture) | Should -Be '-1,234,567.00'
            $funds.ExpiresAt.ToString() | Should -Be '2026-11-26T09:30:00Z'
            $funds.ExpiresAt.ToString('yyyy') | Should -Be '2026'
            $funds.Amount | Should -BeOfType decimal
            $funds.ExpiresAt.AddDays(1).Day | Should -Be 27
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }
}

Describe 'Under Set-StrictMode -Version Latest' {
    It 'each view and text is as without it: <Type>' -ForEach $types {
        $wide = New-WideObject $Type
        $before = ($wide | Out-String -Width 120), ($wide | Format-List | Out-String -Width 120), "$wide"
        Set-StrictMode -Version Latest
        try { ($wide | Out-String -Width 120), ($wide | Format-List | Out-String -Width 120), "$wide" | Should -Be $before }
        finally { Set-StrictMode -Off }
    }

    It 'a result in a text is one line, the same in every culture: <Type>' -ForEach $types {
        $wide = New-WideObject $Type
        $text = "$wide"
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            "$wide" | Should -Be $text
        }
        finally { [cultureinfo]::CurrentCulture = $before }
        $text | Should -Not -Match '\{|\n'
    }
}
