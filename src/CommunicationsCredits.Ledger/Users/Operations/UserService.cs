using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Users.Operations;

/// <summary>Where users belong.</summary>
public sealed class UserService
{
    private readonly ILedgerReader _reader;
    private readonly TimeProvider _clock;

    internal UserService(ILedgerReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
    }

    /// <summary>Where the users of the tenants asked for belong in a month (P1).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="month">The month, yyyy-MM; this month where nothing is given.</param>
    /// <param name="users">The users by their sign-in names, in any case; all where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>InvalidInstant</c>.</exception>
    public IEnumerable<CreditUser> GetUsers(TenantSelection selection, string? month = null, IEnumerable<string>? users = null)
    {
        var keys = users?.Select(user => UseOfCall.Lower(user.Trim())).Distinct().ToList();
        var asked = month is null ? Month.Of(Instant.Now(_clock)) : Month.Parse(month);
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            var settings = keys is null ? snapshot.Users.Settings(tenant.Number).Select(stored => stored.Setting) : snapshot.Users.Settings(tenant.Number, keys);
            foreach (var setting in InForce(settings, asked))
                yield return setting.ToContract(tenant);
        }
    }

    /// <summary>Of settings in order of users and months, those that hold in a month.</summary>
    private static IEnumerable<UserSetting> InForce(IEnumerable<UserSetting> settings, Month month)
    {
        var of = new List<UserSetting>();
        foreach (var setting in settings)
        {
            if (of.Count > 0 && of[^1].Key != setting.Key)
            {
                if (UserRules.InForce(of, month) is { } held)
                    yield return held;
                of.Clear();
            }

            of.Add(setting);
        }

        if (UserRules.InForce(of, month) is { } last)
            yield return last;
    }
}
