using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Posting;

public sealed class DigestLanesTests
{
    [Fact]
    public void Each_message_gets_the_digest_that_the_library_makes()
    {
        var seed = Environment.TickCount;
        var random = new SeededRandom(seed);
        var lanes = new DigestLanes();
        for (var round = 0; round < 400; round++)
        {
            var messages = Enumerable.Range(0, random.Next(1, DigestLanes.Count + 1)).Select(_ => Message(random)).ToList();
            foreach (var message in messages)
                lanes.Add(message);
            var digests = new byte[messages.Count * SHA256.HashSizeInBytes];
            lanes.Finish(digests);
            Assert.True(messages.SelectMany(SHA256.HashData).SequenceEqual(digests), $"round {round} of seed {seed}");
        }
    }

    [Fact]
    public void Lengths_around_a_block_are_padded_as_they_have_to_be()
    {
        var lanes = new DigestLanes();
        for (var length = 0; length < 260; length++)
        {
            var (one, other) = (new byte[length], new byte[length + 1]);
            lanes.Add(one);
            lanes.Add(other);
            var digests = new byte[2 * SHA256.HashSizeInBytes];
            lanes.Finish(digests);
            Assert.Equal([.. SHA256.HashData(one), .. SHA256.HashData(other)], digests);
        }
    }

    private static byte[] Message(SeededRandom random)
    {
        var message = new byte[random.Next(900)];
        for (var i = 0; i < message.Length; i++)
            message[i] = (byte)random.Next(256);
        return message;
    }
}
