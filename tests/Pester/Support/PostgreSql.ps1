# A PostgreSQL server of a suite's own, made of the programs that are installed: on a free port of the loopback address, in a folder of its own.

$script:PostgresPrograms = @(Get-ChildItem '/usr/lib/postgresql/*/bin/initdb' -ErrorAction Ignore | Sort-Object { [int]$_.Directory.Parent.Name } -Descending) +
    @(Get-Command initdb -CommandType Application -ErrorAction Ignore | ForEach-Object { Get-Item $_.Source }) |
    Select-Object -First 1 | ForEach-Object DirectoryName

# Whether there is one to be started; what needs it is skipped else.
function Test-Postgres { [bool]$script:PostgresPrograms }

# Runs a program of the server, which refuses to run as root.
function Invoke-Postgres {
    param([string] $Program, [string[]] $Arguments)
    $command = @(Join-Path $script:PostgresPrograms $Program) + $Arguments
    if ((id -u) -eq '0') { $command = @('setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', 'env', 'HOME=/tmp') + $command }
    $null = & $command[0] $command[1..($command.Count - 1)] > "$script:PostgresFolder.out" 2>&1
    if ($LASTEXITCODE) { throw "$Program failed: $(Get-Content -Raw "$script:PostgresFolder.out")" }
}

# Starts it, with an empty database credits.
function Start-Postgres {
    $script:PostgresFolder = Join-Path ([IO.Path]::GetTempPath()) "credits-pester-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
    New-Item -ItemType Directory $script:PostgresFolder | Out-Null
    if ((id -u) -eq '0') { chown postgres $script:PostgresFolder }
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $script:PostgresPort = $listener.LocalEndpoint.Port
    $listener.Stop()
    Invoke-Postgres initdb '-D', "$script:PostgresFolder/data", '-U', 'test', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'
    Resume-Postgres
    New-PostgresDatabase credits
}

# Starts it again after Suspend-Postgres.
function Resume-Postgres {
    Invoke-Postgres pg_ctl '-D', "$script:PostgresFolder/data", '-w', '-s', '-l', "$script:PostgresFolder/log", '-o',
        "-p $script:PostgresPort -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off", 'start'
}

# Stops it.
function Suspend-Postgres { Invoke-Postgres pg_ctl '-D', "$script:PostgresFolder/data", '-w', '-s', '-m', 'fast', 'stop' }

# Ends it for good.
function Stop-Postgres {
    Invoke-Postgres pg_ctl '-D', "$script:PostgresFolder/data", '-w', '-s', '-m', 'immediate', 'stop'
    Remove-Item -Recurse -Force $script:PostgresFolder, "$script:PostgresFolder.out" -ErrorAction Ignore
}

# Leads to a database.
function Get-PostgresConnection {
    param([string] $Database = 'credits', [string] $User = 'test')
    "Host=127.0.0.1;Port=$script:PostgresPort;Database=$Database;Username=$User"
}

# Runs a statement in a database as the owner of all.
function Invoke-PostgresSql {
    param([string] $Sql, [string] $Database = 'credits')
    & (Join-Path $script:PostgresPrograms psql) -h 127.0.0.1 -p $script:PostgresPort -U test -d $Database -X -q -t -A -v ON_ERROR_STOP=1 -c $Sql
    if ($LASTEXITCODE) { throw "psql failed: $Sql" }
}

# Adds an empty database.
function New-PostgresDatabase { param([string] $Name) Invoke-PostgresSql "CREATE DATABASE $Name" postgres }
