using System.Text;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>What a reader made of a record, free of the batch it was in.</summary>
internal sealed record ReadRecord(
    long Line,
    string Raw,
    string? Refusal,
    string? RefusedField,
    UInt128 Key,
    string? RecordId,
    string StartedAt,
    int Duration,
    string? CallType,
    string? Callee,
    string? User,
    string? Destination,
    decimal? Charge);

/// <summary>Reads whole sources, as an import does.</summary>
internal static class ReadRecords
{
    public const string Header =
        "UsageId,Call ID,Conference ID,User Location,AAD ObjectId,UPN,User Display Name,Caller ID,Call Type,Number Type,"
        + "Domestic/International,Destination Dialed,Destination Number,Start Time,End Time,Duration Seconds,Connection Fee,"
        + "Charge,Currency,Capability";

    /// <summary>A good record of the Teams export, with a given id and display name.</summary>
    public static string Row(int id, string name = "Ann") =>
        $"r{id},c,,US,o,,{name},+14255550100,user_out,Subscriber,Domestic,US,+12065550100,2026-01-01T00:00:00Z,,{id},,0.50,"
        + "USD,MCOPSTN1";

    /// <summary>A good record of Graph, with a given id.</summary>
    public static string Json(int id) =>
        $$"""{"id":"r{{id}}","callType":"user_out","startDateTime":"2026-01-01T00:00:00Z","duration":{{id}},"charge":0.50}""";

    public static List<ReadRecord> Csv(string text, int chunk = SourceWindow.DefaultChunk) =>
        Csv(Encoding.UTF8.GetBytes(text), chunk);

    public static List<ReadRecord> Csv(byte[] text, int chunk = SourceWindow.DefaultChunk)
    {
        var header = UsageCsvHeader.Read("calls.csv", text);
        using var reader = new UsageCsvReader(
            header, new MemoryStream(text, header.Length, text.Length - header.Length), chunk: chunk);
        return All(reader);
    }

    public static List<ReadRecord> Graph(string text, int chunk = SourceWindow.DefaultChunk) =>
        Graph(Encoding.UTF8.GetBytes(text), chunk);

    public static List<ReadRecord> Graph(byte[] text, int chunk = SourceWindow.DefaultChunk)
    {
        using var reader = new GraphPstnCallsReader("calls.json", new MemoryStream(text), chunk: chunk);
        return All(reader);
    }

    public static List<ReadRecord> All(UsageReader reader)
    {
        var records = new List<ReadRecord>();
        var batch = new UsageBatch();
        while (reader.Read(batch))
        {
            foreach (ref readonly var call in batch.Calls)
                records.Add(Snapshot(batch, call));
            batch.Reset();
        }

        return records;
    }

    private static ReadRecord Snapshot(UsageBatch batch, in UsageCall call) => new(
        call.Line, Encoding.Latin1.GetString(batch.Bytes(call.Raw)), call.Refusal, call.RefusedField, call.Key,
        batch.String(call.RecordId), call.StartedAt.ToString(), call.Duration, batch.String(call.CallType),
        batch.String(call.Callee), batch.String(call.User), batch.String(call.Destination),
        call.RecordedChargeState == RecordedChargeState.Known ? call.RecordedCharge.ToDecimal() : null);
}
