# The program that starts a PowerShell like this one. A session that `dotnet pwsh.dll` started has dotnet as its process: there the tests
# put that PowerShell on the PATH as pwsh (build/PowerShell/commands).
function Get-PowerShellProgram {
    $own = (Get-Process -Id $PID).Path
    if ([IO.Path]::GetFileNameWithoutExtension($own) -eq 'pwsh') { return $own }
    (Get-Command pwsh -CommandType Application -ErrorAction Stop | Select-Object -First 1).Path
}
