BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    Connect-TestLedger
    $script:Fourth = '6513270e-2b7c-4f65-9a41-0d6a3f6c1e01'
    $script:Contoso = '0fd6a2c4-2b7c-4f65-9a41-0d6a3f6c1e02'
    New-CreditTenant $Fourth -Name 'Fourth Coffee'
    New-CreditTenant $Contoso -Name Contoso
    New-CreditTenant zeta.example -Name 'Adventure Works'
    New-CreditTenant 'a[b]*'
}
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'A tenant''s name' {
    It 'finds the tenant, in whatever case: <Text>' -ForEach @(
        @{ Text = 'Fourth Coffee' }, @{ Text = 'fourth coffee' }, @{ Text = '6513270E-2B7C-4F65-9A41-0D6A3F6C1E01' }
    ) {
        (Get-CreditBalance $Text).TenantId | Should -Be $Fourth
    }

    It 'matches a wildcard, as ids do' {
        (Get-CreditBalance Cont*).TenantId | Should -Be $Contoso
        (Get-CreditBalance *example).TenantName | Should -Be 'Adventure Works'
        Get-CreditBalance nobody* | Should -BeNullOrEmpty
    }

    It 'is taken literally before it is taken for a wildcard' {
        (Get-CreditTenant 'a[b]*').TenantId | Should -Be 'a[b]*'
    }

    It 'is taken by what changes something' {
        (Add-CreditFunds 'Fourth Coffee' 300 -PassThru).TenantId | Should -Be $Fourth
        New-TeamsRow 1 -Charge 1 | Import-UsageRecord -TenantId Contoso | ForEach-Object TenantName | Should -Be 'Contoso'
        'contoso', 'Fourth Coffee' | Set-CreditTenant -LowBalance 3
        (Get-CreditTenant Contoso).LowBalance | Should -Be 3
    }

    It 'orders what is read' {
        (Get-CreditBalance).TenantName | Should -Be 'Adventure Works', 'a[b]*', 'Contoso', 'Fourth Coffee'
    }

    It 'is offered where none is found: <Text>' -ForEach @(
        @{ Text = 'Forth Coffee'; Near = "*Near it: Fourth Coffee ($Fourth)*" }
        @{ Text = 'cntoso'; Near = '*Near it: Contoso (*' }
        @{ Text = 'zeta.exmple'; Near = '*Near it: Adventure Works (zeta.example)*' }
        @{ Text = 'something else altogether'; Near = '*Get-CreditTenant lists*' }
    ) {
        foreach ($command in { Get-CreditBalance $Text -ErrorAction SilentlyContinue -ErrorVariable problem }, { Add-CreditFunds $Text 1 -ErrorAction SilentlyContinue -ErrorVariable problem }) {
            . $command | Should -BeNullOrEmpty
            Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
            "$($problem[0])" | Should -BeLike $Near.Replace('()', "($Fourth)").Replace('[', '`[')
            $problem[0].TargetObject | Should -Be $Text
        }
    }

    It 'is refused where it is another tenant''s name or id: <Id>, <Name>' -ForEach @(
        @{ Id = 'new.example'; Name = 'contoso' }, @{ Id = 'Contoso'; Name = 'Other' }, @{ Id = 'new.example'; Name = 'zeta.example' }
    ) {
        New-CreditTenant $Id -Name $Name -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantExists'
        (Get-CreditTenant).Count | Should -Be 4
    }

    It 'is refused as another''s by Set-CreditTenant, which changes nothing' {
        Set-CreditTenant 'Fourth Coffee' -Name Contoso -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'TenantExists'
        (Get-CreditTenant $Fourth).Name | Should -Be 'Fourth Coffee'
    }

    It 'completes, and so does the id' {
        $names = (TabExpansion2 'Get-CreditBalance Fou' -cursorColumn 21).CompletionMatches
        $names.CompletionText | Should -Be "'Fourth Coffee'"
        $names.ListItemText | Should -Be 'Fourth Coffee'
        $names.ToolTip | Should -BeLike "*$Fourth*USD*"
        (TabExpansion2 'Get-CreditBalance 6513' -cursorColumn 22).CompletionMatches.CompletionText | Should -Be $Fourth
        (TabExpansion2 'Get-CreditStatement -Month 20' -cursorColumn 29).CompletionMatches.CompletionText | Should -Contain ([datetime]::UtcNow.ToString('yyyy-MM'))
        (TabExpansion2 'Set-CreditTenant x -Country Germ' -cursorColumn 32).CompletionMatches.CompletionText | Should -Be 'DE'
    }
}

Describe 'A tenant in a message' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant 6513270e-2b7c-4f65-9a41-0d6a3f6c1e01 -Name 'Fourth Coffee'
        New-CreditTenant plain.com
    }

    It 'is called by its name and its id' {
        Add-CreditFunds 'Fourth Coffee' 5 -PurchasedAt 2999-01-01 -ErrorAction SilentlyContinue -ErrorVariable problem
        "$problem" | Should -BeLike '*Funds of Fourth Coffee (6513270e-2b7c-4f65-9a41-0d6a3f6c1e01) cannot*'
        Disable-AutoRecharge 'Fourth Coffee' -ErrorAction SilentlyContinue -ErrorVariable problem
        "$problem" | Should -BeLike 'Fourth Coffee (6513270e-2b7c-4f65-9a41-0d6a3f6c1e01) has no recharge rule*'
        $problem[0].TargetObject | Should -Be '6513270e-2b7c-4f65-9a41-0d6a3f6c1e01'
        Set-AutoRecharge 'Fourth Coffee' -MinimumBalance 1 -RechargeAmount 2 -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike 'The recharge rule of Fourth Coffee (6513270e-2b7c-4f65-9a41-0d6a3f6c1e01) has no monthly cap*'
    }

    It 'is called by its id where it has no other name' {
        Disable-AutoRecharge plain.com -ErrorAction SilentlyContinue -ErrorVariable problem
        "$problem" | Should -BeLike "'plain.com' has no recharge rule*"
    }

    It 'shows what a terminal would obey' {
        [CommunicationsCredits.Display]::Tenant("Evil$([char]27)[2J", 'evil.example') | Should -Be "Evil$([char]0x241B)[2J (evil.example)"
    }

    It 'breaks a line between words' {
        [CommunicationsCredits.Display]::Wrapped('USD 50.00 was added to Contoso', 12) | Should -Be "USD 50.00`nwas added to`nContoso"
    }

    It 'has no total count where nothing could be counted' {
        Get-UsageRecord plain.com -From 31/12/2026 -IncludeTotalCount -First 1 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-UsageRecord nobody -IncludeTotalCount -First 1 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-UsageRecord plain.com -IncludeTotalCount -First 1 | Should -Be 0
    }
}
