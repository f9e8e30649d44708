BeforeAll { . "$PSScriptRoot/Support/TestModule.ps1" }
AfterAll { Disconnect-CreditLedger | Out-Null }

Describe 'Export-CreditReport' {
    BeforeAll {
        Connect-TestLedger
        New-CreditTenant contoso.com -Name '<script>alert(1)</script>'
        Import-TestRate
        Add-CreditFunds contoso.com 100 -PurchasedAt 2026-01-01
        New-TeamsRow -Charge 3 -User '<script>alert(2)</script>' | Import-UsageRecord -TenantId contoso.com | Out-Null
        Set-CreditUser contoso.com '<script>alert(2)</script>' -Department '<script>alert(3)</script>' -Month 2026-01
        Set-CreditBudget contoso.com 1 -Department '<script>alert(3)</script>'
    }

    It 'writes one page that needs nothing else, and escapes what it shows' {
        (Export-CreditReport (Get-TestPath report.html)).Name | Should -Be 'report.html'
        $page = Get-Content (Get-TestPath report.html) -Raw
        $page | Should -BeLike '<!doctype html>*'
        $page | Should -Not -Match '<script'
        $page | Should -Not -Match 'src="http'
        $dated = Get-Content (Export-CreditReport (Get-TestPath dated.html) -From 2026-01-01 -To 2026-02-01 -PassThru).FullName -Raw
        $dated | Should -Not -Match '<script'
        1..3 | ForEach-Object { $dated | Should -Match "&lt;script&gt;alert\($_\)" }
        $page | Should -Match 'contoso\.com'
    }

    It 'gives the file with -PassThru, and replaces one only with -Force' {
        $path = Get-TestPath again.html
        (Export-CreditReport -Path $path -PassThru).FullName | Should -Be $path
        Export-CreditReport -Path $path -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'FileExists'
        Export-CreditReport -Path $path -Force | Out-Null
    }

    It 'refuses a time that ends before it begins' {
        Export-CreditReport -Path (Get-TestPath wrong.html) -From 2026-03-01 -To 2026-02-01 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-ErrorId $failed[0] | Should -Be 'InvalidInstant'
        Get-TestPath wrong.html | Should -Not -Exist
    }
}
