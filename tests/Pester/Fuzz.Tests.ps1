BeforeDiscovery {
    $commands = (Import-PowerShellDataFile "$PSScriptRoot/../../CommunicationsCredits.psd1").CmdletsToExport
}
BeforeAll {
    . "$PSScriptRoot/Support/TestModule.ps1"
    $script:Seed = [int]($env:LEDGER_FUZZ_SEED ?? 1)
    $script:Calls = [int]($env:LEDGER_FUZZ_CALLS ?? 20)

    # A number on the pipeline is refused with PowerShell's own id for what does not bind.
    $script:Ids = [enum]::GetNames([CommunicationsCredits.CreditErrorId]) + 'InputObjectNotBound'
    $script:Common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    Connect-TestLedger fuzz.db
    New-CreditTenant contoso.com, fabrikam.com, 'a[b]*'
    Import-TestRate
    Add-CreditFunds contoso.com 40 -PurchasedAt 2026-01-01 -ExpiresAt 2999-01-01
    New-TeamsRow 1 -Seconds 600 | Import-UsageRecord -TenantId contoso.com | Out-Null
    Set-AutoRecharge fabrikam.com -MinimumBalance 5 -RechargeAmount 10 -WarningAction SilentlyContinue
    $script:Texts = @(
        '', ' ', 'contoso.com', 'fabrikam.com', 'nobody', '*', 'a[b]*', '[', '1,50', '1kb', '0x10', '-1', '0', '0.0000001', '1E-07', '42', '79228162514264337593543950335'
        '9223372036.854775807', '2026-01-01', '03/04/2026', '9999-12-31T23:59:59.9999999Z', '0001-01-01', '2026-13', '2026-02', 'USD', 'usd', 'ZZZ', "a`0b", "a`nb`e[31m"
        "half $([char]0xD800)", ('x' * 129), ('9' * 400), '4111 1111 1111 1111', '+442071838750', '911', 'contoso.com/1', 'contoso.com/99999999999999999999', 'contoso.com/I1'
        'contoso.com/A1', 'contoso.com/N1', '00000000-0000-4000-a000-000000000001', 'http://127.0.0.1:1/', 'ftp://x', 'MCOPSTN1', 'ConferenceDialOut', 'card', 'Invoice', 'ann@contoso.com'
    )
    $script:Values = $Texts + @(
        $null, $true, 0, -1, 1.5, [double]::NaN, [double]::PositiveInfinity, [decimal]::MaxValue, [long]::MinValue, [datetime]::MinValue, [datetimeoffset]::MaxValue
        [timespan]::MinValue, [guid]::Empty, @(), @(1, $null, 'x'), @{ TenantId = 'contoso.com' }, [pscustomobject]@{ Id = 7; Amount = 'x' }, [DBNull]::Value, { 1 }
    )

    # What a parameter may be given: paths stay in the folder of the test, and nothing is asked for outside of this machine.
    function Get-FuzzValue {
        param($Parameter, [random] $Random)
        if ($Parameter.SwitchParameter) { return [bool]$Random.Next(2) }
        if ($Parameter.Name -match 'Path|Destination|^Command$|^ConnectionString$') {
            return Get-TestPath (('none.csv', 'fuzz.out', 'no folder/x', '*.csv', 'text.csv', '.', 'no [folder/x')[$Random.Next(7)])
        }
        if ($Parameter.Name -match 'SmtpServer') { return '127.0.0.1' }
        if ($Parameter.Name -match 'Uri') { return ('http://127.0.0.1:1/', 'https://127.0.0.1:1/', 'ftp://x', 'x')[$Random.Next(4)] }
        if ($Parameter.Name -match 'Timeout') { return 1 }
        , $Values[$Random.Next($Values.Count)]
    }
}
AfterAll { Disconnect-CreditLedger -ErrorAction Ignore | Out-Null }

Describe 'Whatever is typed' {
    It 'is a name where a bracket is not closed' {
        Get-CreditBalance 'contoso[' -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'TenantNotFound'
        Get-UsageImport -ImportId 'contoso.com/I[' -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'ImportNotFound'
        New-CreditTenant 'odd[' -PassThru | Get-CreditTenant | ForEach-Object TenantId | Should -Be 'odd['
        Remove-CreditTenant 'odd[' -Confirm:$false
    }

    It 'brings no error of <_> without an id of the surface, nor harms the ledger' -ForEach $commands {
        $command = Get-Command $_
        $random = [random]::new($Seed * 100000 + ($command.Name.ToCharArray() | ForEach-Object { [int]$_ } | Measure-Object -Sum).Sum)
        Set-Content (Get-TestPath text.csv) "a,b`n1,2"
        for ($call = 0; $call -lt $Calls; $call++) {
            $set = $command.ParameterSets[$random.Next($command.ParameterSets.Count)]
            $given = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
            if ($command.Parameters.ContainsKey('Confirm')) { $given.Confirm = $false }
            foreach ($parameter in $set.Parameters.Where({ $_.Name -notin $Common })) {
                if (-not $parameter.IsMandatory -and $random.Next(100) -ge 35) { continue }
                $given[$parameter.Name] = Get-FuzzValue $command.Parameters[$parameter.Name] $random
            }
            $piped = if ($random.Next(100) -lt 25) { @($Values[$random.Next($Values.Count)]) } else { $null }
            $problems = @()
            try {
                if ($null -eq $piped) { & $command @given -ErrorVariable problems | Out-Null }
                else { $piped | & $command @given -ErrorVariable problems | Out-Null }
            }
            catch { $problems = @($problems) + $_ }
            foreach ($problem in $problems) {
                $record = if ($problem -is [System.Management.Automation.ErrorRecord]) { $problem } else { $problem.ErrorRecord }
                if (-not $record -or $record.Exception -is [System.Management.Automation.ParameterBindingException]) { continue }
                $where = "LEDGER_FUZZ_SEED=$Seed, call ${call}: $_ " + ($given.GetEnumerator().ForEach({ "-$($_.Key) $($_.Value)" }) -join ' ')
                Get-ErrorId $record | Should -BeIn $Ids -Because "$where brings $($record.Exception)"
            }
            if ($command.Noun -eq 'CreditLedger') { Connect-TestLedger fuzz.db }
        }
        Connect-TestLedger fuzz.db
        Test-CreditLedger | Should -BeTrue
    }
}
