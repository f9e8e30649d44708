@echo off
rem The PowerShell of the package as a command. PowerShellProgram.cs puts this folder on the PATH of what it starts.
if not defined DOTNET_HOST_PATH set DOTNET_HOST_PATH=dotnet
"%DOTNET_HOST_PATH%" "%POWERSHELL_OF_CHECKOUT%" %*
