using CommunicationsCredits.Binding;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Commands;

/// <summary>What a command that changes tenants is to be about.</summary>
internal static class TenantIdentities
{
    /// <summary>The text of each id, one record's error after another's.</summary>
    /// <param name="command">The command, which reports what is no id.</param>
    /// <param name="identities">What was bound.</param>
    /// <param name="process">Is called with each id; its errors are reported for that id.</param>
    /// <param name="isNew">Whether the tenants are not in the ledger yet, so that a text is an id and never a name.</param>
    public static void ForEach(LedgerCommandBase command, TenantIdentity[] identities, Action<string> process, bool isNew = false)
    {
        foreach (var identity in identities)
        {
            if (identity.PipedNumber is { } number && !command.IsOnCommandLine("TenantId"))
            {
                command.WriteError(CreditErrors.NumberIsNoTenant(number));
                continue;
            }

            try
            {
                if (!isNew)
                {
                    process(command.TenantOf(identity));
                    continue;
                }

                if (identity.Text.Length == 0)
                    throw CreditErrors.TenantIdMissing();
                command.Require(identity.Source);
                process(identity.Text);
            }
            catch (CreditException error)
            {
                command.Report(error, identity.Text);
            }
        }
    }
}
