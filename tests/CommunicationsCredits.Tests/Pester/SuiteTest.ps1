# What finding tests and running them share: a test is known by its number in its suite.

# The tests of a container or block, in the order of the file.
function Get-SuiteTest {
    param($Parent)
    foreach ($block in $Parent.Blocks) {
        foreach ($item in $block.Order) {
            if ($item.ItemType -eq 'Test') { $item } else { Get-SuiteTest ([pscustomobject]@{ Blocks = @($item) }) }
        }
    }
}

# What errors say and where they were raised, without colours.
function Get-ProblemText {
    param($Records)
    @(foreach ($record in $Records) {
            if ($record) { "$($record.DisplayErrorMessage ?? $record)`n$($record.DisplayStackTrace ?? $record.ScriptStackTrace)".Trim() }
        }) -join "`n`n"
}
