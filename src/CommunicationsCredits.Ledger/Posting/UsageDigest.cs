using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// What an entry's hash includes of its usage record (H1): a digest of what the record says, and what billing made of it. Personal
/// data goes in as a salted digest of its own, so that it can be blanked and the chain still verifies (C4).
/// </summary>
internal static class UsageDigest
{
    /// <summary>The most bytes that <see cref="WriteCharge"/> writes.</summary>
    public const int MostBytes = SHA256.HashSizeInBytes + (10 * sizeof(long));

    /// <summary>The bytes that it writes by the formula of 0.1.0.</summary>
    private const int FirstLength = SHA256.HashSizeInBytes + (8 * sizeof(long));

    /// <summary>The digest of what a record says, by the formula of the record.</summary>
    /// <param name="chain">A buffer.</param>
    /// <param name="batch">The batch with the record's text.</param>
    /// <param name="call">The record; where it was blanked, its stored personal digest is taken.</param>
    /// <param name="digest">Receives 32 bytes.</param>
    public static void Content(HashChain chain, UsageBatch batch, in UsageCall call, Span<byte> digest)
    {
        Span<byte> personal = stackalloc byte[SHA256.HashSizeInBytes];
        Personal(chain, batch, call, personal);
        WriteContent(chain, batch, call, personal);
        chain.Finish(digest);
    }

    /// <summary>Appends to a batch the digest of what each of its records says that are not refused, several at a time.</summary>
    /// <param name="chain">A buffer.</param>
    /// <param name="lanes">Where they are digested.</param>
    /// <param name="batch">The batch.</param>
    public static void AppendContents(HashChain chain, DigestLanes lanes, UsageBatch batch)
    {
        Span<int> group = stackalloc int[DigestLanes.Count];
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Calls[i].Refusal is null)
                group[count++] = i;
            if (count == group.Length)
            {
                AppendContents(chain, lanes, batch, group);
                count = 0;
            }
        }

        AppendContents(chain, lanes, batch, group[..count]);
    }

    /// <summary>The salted digest of a record's numbers and names.</summary>
    public static void Personal(HashChain chain, UsageBatch batch, in UsageCall call, Span<byte> digest)
    {
        if (!call.Personal.IsEmpty)
        {
            batch.Bytes(call.Personal).CopyTo(digest);
            return;
        }

        WritePersonal(chain, batch, call);
        chain.Finish(digest);
    }

    private static void AppendContents(HashChain chain, DigestLanes lanes, UsageBatch batch, ReadOnlySpan<int> group)
    {
        Span<byte> digests = stackalloc byte[DigestLanes.Count * SHA256.HashSizeInBytes];
        foreach (var i in group)
        {
            WritePersonal(chain, batch, batch.Calls[i]);
            lanes.Add(chain.Content);
        }

        lanes.Finish(digests);
        for (var i = 0; i < group.Length; i++)
        {
            // A record that was blanked has its personal digest, and nothing to make one of (C4).
            ref readonly var call = ref batch.Calls[group[i]];
            WriteContent(chain, batch, call, call.Personal.IsEmpty ? Nth(digests, i) : batch.Bytes(call.Personal));
            lanes.Add(chain.Content);
        }

        lanes.Finish(digests);
        for (var i = 0; i < group.Length; i++)
            batch.Calls[group[i]].Content = batch.Append(Nth(digests, i));
    }

    private static Span<byte> Nth(Span<byte> digests, int i) => digests.Slice(i * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);

    private static void WritePersonal(HashChain chain, UsageBatch batch, in UsageCall call)
    {
        Span<byte> salt = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(salt, call.Salt);
        chain.Begin().Write(salt).Write(batch.Bytes(call.Caller)).Write(batch.Bytes(call.Callee)).Write(batch.Bytes(call.User));
    }

    [MethodImpl(HotPath.Compiled)]
    private static void WriteContent(HashChain chain, UsageBatch batch, in UsageCall call, ReadOnlySpan<byte> personal)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, call.Key);
        chain.Begin().Write(key).Write(batch.Bytes(call.RecordId)).Write(call.StartedAt.Ticks).Write(call.Duration)
            .Write(batch.Bytes(call.CallType)).Write(batch.Bytes(call.Capability)).Write(batch.Bytes(call.Destination))
            .Write(batch.Bytes(call.UsageCountry)).Write(call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : -1)
            .Write(call.RecordedChargeState == RecordedChargeState.Known ? call.RecordedCharge.Micros : -1).Write(batch.Bytes(call.Currency))
            .Write(personal);
        if (call.Formula != LedgerEntry.FirstFormula)
        {
            chain.Write(batch.Bytes(call.OtherCountry)).Write(batch.Bytes(call.Operator))
                .Write(batch.Bytes(call.AdministrativeUnits)).Write(batch.Bytes(call.NumberType));
        }
    }

    /// <summary>Writes what is recorded for of a record: what it says, who brought it, and what billing made of it.</summary>
    /// <param name="content">The digest of what it says.</param>
    /// <param name="batch">The batch with the record's text.</param>
    /// <param name="call">The record.</param>
    /// <param name="import">The number of the import that brought it.</param>
    /// <param name="target">Has room for <see cref="MostBytes"/>.</param>
    /// <returns>What was written.</returns>
    public static Span<byte> WriteCharge(
        scoped ReadOnlySpan<byte> content, UsageBatch batch, in UsageCall call, long import, Span<byte> target)
    {
        content.CopyTo(target);
        var at = content.Length;
        foreach (var value in (ReadOnlySpan<long>)
        [
            import, call.Service is { } service ? (long)service : -1, call.BilledSeconds, call.PooledSeconds, call.UnusableSeconds, call.Charge.Micros,
            call.HasRatedCharge ? call.RatedCharge.Micros : -1, call.Sheet ?? -1, PrefixOf(batch, call), (long)call.Status,
        ])
        {
            if (at == FirstLength && call.Formula == LedgerEntry.FirstFormula)
                break;
            BinaryPrimitives.WriteInt64LittleEndian(target[at..], value);
            at += sizeof(long);
        }

        return target[..at];
    }

    /// <summary>The prefix that it was rated by as a number: its digits after a 1; 0 without one.</summary>
    private static long PrefixOf(UsageBatch batch, in UsageCall call)
    {
        long number = 1;
        if (call.Rate is { } rate)
        {
            foreach (var digit in rate.Prefix)
                number = unchecked((number * 10) + digit - '0');
            return number;
        }

        if (call.Prefix.IsEmpty)
            return 0;
        foreach (var digit in batch.Bytes(call.Prefix))
            number = unchecked((number * 10) + digit - (byte)'0');
        return number;
    }
}
