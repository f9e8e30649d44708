using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>The hash of an entry by both formulas, put together a second time from what the rule says is in it (H1, H1a).</summary>
public sealed class HashChainTests
{
    private static readonly byte[] Previous = SHA256.HashData("before"u8);
    private static readonly byte[] Record = SHA256.HashData("record"u8);

    private static readonly LedgerEntry Entry = new()
    {
        Sequence = 17, Kind = CreditTransactionKind.Usage, Amount = new(-1_500_000), BalanceAfter = new(98_500_000), EffectiveAt = new(1000), PostedAt = new(2000),
        RecordedAt = new(1999), Actor = "ann@desk", Reference = "r\u00e9f", Description = "A call", Lot = 3, Record = 5, Reverses = 7, Digests = "pool 1\npool 2",
        Formula = LedgerEntry.NewestFormula,
    };

    [Fact]
    [Trait("Rule", "H1, H1a")]
    public void The_hash_is_of_all_that_an_entry_says_by_the_formula_that_it_names()
    {
        Assert.Equal(Hash(Entry), HashOf(Entry));
        Assert.Equal(Hash(Entry with { Formula = LedgerEntry.FirstFormula }), HashOf(Entry with { Formula = LedgerEntry.FirstFormula }));
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void What_is_absent_is_not_what_is_empty()
    {
        var bare = Entry with { Reference = null, Description = null, Lot = null, Record = null, Reverses = null, Digests = null };
        Assert.Equal(Hash(bare), HashOf(bare));
        Assert.NotEqual(HashOf(bare), HashOf(bare with { Reference = "" }));
        Assert.Equal([255, 255, 255, 255, 255, 255, 255, 255], new HashChain().Begin().Write((byte[]?)null).Content.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], new HashChain().Begin().Write([]).Content.ToArray());
    }

    [Theory]
    [Trait("Rule", "H1")]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1015)]
    [InlineData(1016)]
    [InlineData(1017)]
    [InlineData(5000)]
    public void Text_of_any_length_is_in_it(int length)
    {
        var entry = Entry with { Description = new('x', length), Reference = new('\u20ac', length) };

        Assert.Equal(Hash(entry), HashOf(entry));
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void A_chain_that_was_used_before_says_the_same_and_may_write_where_the_last_hash_lies()
    {
        var chain = new HashChain();
        var hash = Previous.ToArray();
        for (var round = 0; round < 2; round++)
        {
            var expected = Hash(Entry, hash);
            chain.Advance(hash, Entry, Record, hash);
            Assert.Equal(expected, hash);
        }

        var digest = new byte[32];
        chain.Begin().Write(1L).Write("a").Write((long?)2).Finish(digest);
        Assert.Equal(SHA256.HashData(chain.Content), digest);
        Assert.Equal(8 + 8 + 1 + 16, chain.Content.Length);
        Assert.Equal(new byte[32], HashChain.Start);
    }

    private static byte[] HashOf(LedgerEntry entry)
    {
        var hash = new byte[32];
        new HashChain().Advance(Previous, entry, Record, hash);
        return hash;
    }

    private static byte[] Hash(LedgerEntry entry, byte[]? previous = null)
    {
        var isNew = entry.Formula == LedgerEntry.NewestFormula;
        byte[] content =
        [
            .. isNew ? Of(entry.Formula) : [],
            .. Of(previous ?? Previous),
            .. Of(entry.Sequence), .. Of((long)entry.Kind), .. Of(entry.Amount.Micros), .. Of(entry.BalanceAfter.Micros),
            .. Of(entry.EffectiveAt.Ticks), .. Of(entry.PostedAt.Ticks), .. isNew ? Of(entry.RecordedAt.Ticks) : [],
            .. Of(entry.Actor), .. Of(entry.Reference), .. Of(entry.Description),
            .. OfOptional(entry.Lot), .. OfOptional(entry.Record), .. OfOptional(entry.Reverses), .. isNew ? Of(entry.Digests) : [],
            .. Of(Record),
        ];
        return SHA256.HashData(content);
    }

    private static byte[] Of(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] OfOptional(long? value) => value is { } known ? [.. Of(8), .. Of(known)] : Of(-1);

    private static byte[] Of(string? text) => text is null ? Of(-1) : Of(Encoding.UTF8.GetBytes(text));

    private static byte[] Of(byte[] bytes) => [.. Of(bytes.LongLength), .. bytes];
}
