# What every suite begins with: the module as it was staged, and a few ways to make input for it.

$module = $env:COMMUNICATIONSCREDITS_MODULE
if (-not $module) {
    $module = Get-ChildItem "$PSScriptRoot/../../../out/CommunicationsCredits/*/CommunicationsCredits.psd1" |
        Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1 -ExpandProperty FullName
}
if (-not $module) { throw 'There is no staged module. Run dotnet build first, or set COMMUNICATIONSCREDITS_MODULE.' }
Import-Module $module -ErrorAction Stop
. "$PSScriptRoot/PowerShell.ps1"

# Gateways and keys of the tests lie with them; the user's own configuration is never touched.
$env:COMMUNICATIONSCREDITS_CONFIGURATION = Join-Path (Get-PSDrive TestDrive).Root 'configuration'

# Connects to a ledger of its own in the folder of the test.
function Connect-TestLedger {
    param([string] $Name = "$([guid]::NewGuid().ToString('N')).db")
    Connect-CreditLedger (Join-Path (Get-PSDrive TestDrive).Root $Name) -WarningAction SilentlyContinue
}

# A full path in the folder of the test.
function Get-TestPath { param([string] $Name) Join-Path (Get-PSDrive TestDrive).Root $Name }

# A short rate list: United Kingdom 0.02 a minute, London 0.03, United States 0.01.
function Import-TestRate {
    param([string] $Name = 'List', [string] $Currency = 'USD', [string] $EffectiveFrom = '2020-01-01')
    @(
        [pscustomobject]@{ Prefix = '44'; PricePerMinute = '0.02'; Destination = 'United Kingdom'; Country = 'GB' }
        [pscustomobject]@{ Prefix = '4420'; PricePerMinute = '0.03'; Destination = 'London'; Country = 'GB' }
        [pscustomobject]@{ Prefix = '1'; PricePerMinute = '0.01'; Destination = 'United States'; Country = 'US' }
    ) | Import-CreditRate -Name $Name -Currency $Currency -EffectiveFrom $EffectiveFrom
}

# A record id that is the same in every run.
function Get-TestId { param([int] $Number) '00000000-0000-4000-a000-{0:d12}' -f $Number }

# A row of the Teams admin centre's export.
function New-TeamsRow {
    param(
        [int] $Number = 1, [string] $Start = '2026-01-05T10:00:00.0000000Z', [string] $Seconds = '60',
        [string] $Callee = '+441134960000', [string] $Type = 'user_out', [string] $Charge = '', [string] $Currency = 'USD',
        [string] $Capability = 'MCOPSTNPP', [string] $User = 'user1@contoso.com', [string] $Context = 'International'
    )
    [pscustomobject][ordered]@{
        'UsageId' = Get-TestId $Number; 'Call ID' = "call-$Number"; 'Conference ID' = ''; 'User Location' = 'US'
        'AAD ObjectId' = ''; 'UPN' = $User; 'User Display Name' = 'User'; 'Caller ID' = '+14255550100'; 'Call Type' = $Type
        'Number Type' = 'Subscriber'; 'Domestic/International' = $Context; 'Destination Dialed' = 'United Kingdom'
        'Destination Number' = $Callee; 'Start Time' = $Start; 'End Time' = $Start; 'Duration Seconds' = $Seconds
        'Connection Fee' = ''; 'Charge' = $Charge; 'Currency' = $Currency; 'Capability' = $Capability
    }
}

# The same call as Graph's getPstnCalls has it.
function New-GraphRow {
    param([int] $Number = 1, $Start = '2026-01-05T10:00:00Z', $Seconds = 60, $Charge = $null, [string] $Callee = '+441134960000')
    [pscustomobject][ordered]@{
        id = Get-TestId $Number; callId = "call-$Number"; userId = $null; userPrincipalName = 'user1@contoso.com'
        userDisplayName = 'User'; startDateTime = $Start; endDateTime = $Start; duration = $Seconds; charge = $Charge
        callType = 'user_out'; currency = 'USD'; calleeNumber = $Callee; usageCountryCode = 'US'; tenantCountryCode = 'US'
        connectionCharge = $null; callerNumber = '+14255550100'; destinationContext = 'International'
        destinationName = 'United Kingdom'; conferenceId = $null; licenseCapability = 'MCOPSTNPP'; inventoryType = 'Subscriber'
        operator = 'Microsoft'; callDurationSource = 'microsoft'
    }
}

# Writes an export file of such rows.
function Export-TeamsFile {
    param([string] $Name, [Parameter(ValueFromPipeline)] $Row)
    begin { $rows = [System.Collections.Generic.List[object]]::new() }
    process { $rows.Add($Row) }
    end {
        $path = Get-TestPath $Name
        $rows | Export-Csv $path -UseQuotes AsNeeded
        $path
    }
}

# Registers a gateway that is a program: it keeps a book of what it was asked, and answers with what lies in a file beside it.
function Register-TestGateway {
    param([string] $Name = 'psp', [string] $Answer = '{"status":"succeeded","reference":"ch_1"}', $Timeout = 60)
    $script = Get-TestPath "$Name.ps1"
    Set-Content $script '[Console]::In.ReadToEnd() | Add-Content "$PSCommandPath.book"; Get-Content "$PSCommandPath.answer" -Raw'
    Remove-Item "$script.book" -ErrorAction Ignore
    Set-Content "$script.answer" $Answer
    Register-CreditGateway $Name -Command $script -Timeout $Timeout
    "$script.book"
}

# The part of an error's id that scripts match on.
function Get-ErrorId { param($Record) $Record.FullyQualifiedErrorId.Split(',')[0] }

# The error that ends a command.
function Get-Terminating {
    param([scriptblock] $Script)
    try { $null = & $Script }
    catch { return $_ }
    throw 'It was expected to end with an error, and did not.'
}

# A PowerShell with a session of its own on the same ledger, for one statement that is to be stopped. Of several, PowerShell goes on with the
# next on another thread, and ends the process where the session has been disposed of by then.
function New-TestSession {
    $shell = [powershell]::Create()
    $null = $shell.AddCommand('Import-Module').AddParameter('Name', (Get-Module CommunicationsCredits).Path).Invoke()
    $shell.Commands.Clear()
    $null = $shell.AddCommand('Connect-CreditLedger').AddParameter('Path', (Get-CreditLedger).Location).Invoke()
    $shell.Commands.Clear()
    $shell
}

# Runs a script with the module in a runspace of its own, as another session would.
function Invoke-InRunspace {
    param([scriptblock] $Script, [object[]] $ArgumentList = @())
    $shell = [powershell]::Create()
    try {
        $null = $shell.AddCommand('Import-Module').AddParameter('Name', (Get-Module CommunicationsCredits).Path).AddStatement()
        $null = $shell.AddScript($Script.ToString())
        foreach ($argument in $ArgumentList) { $null = $shell.AddArgument($argument) }
        $shell.Invoke()
        if ($shell.HadErrors) { throw $shell.Streams.Error[0] }
    }
    finally { $shell.Dispose() }
}
