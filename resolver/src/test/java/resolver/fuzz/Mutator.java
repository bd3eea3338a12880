package resolver.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes inputs that are nearly like the seeds, always the same ones from the same random numbers.
 * It does not see what they reach, as a fuzzer does: it is for finding again what was found before.
 */
final class Mutator {
  private static final int[] ODD_OCTETS = {0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff};

  private final Random random;
  private final List<byte[]> seeds;
  private final List<byte[]> words;

  Mutator(Random random, List<byte[]> seeds, List<byte[]> words) {
    this.random = random;
    this.seeds = seeds;
    this.words = words;
  }

  /** The next input. */
  byte[] next() {
    byte[] octets = seed().clone();
    for (int i = random.nextInt(5); i >= 0; i--) {
      octets = changed(octets);
    }
    return octets;
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] changed(byte[] octets) {
    int at = random.nextInt(octets.length + 1);
    int rest = octets.length - at;
    int length = Math.min(rest, 1 + random.nextInt(16));
    return switch (random.nextInt(9)) {
      case 0 -> replaced(octets, at, length, new byte[0]);
      case 1 -> replaced(octets, at, Math.min(rest, 1), anyOctet());
      case 2 -> replaced(octets, at, 0, anyOctet());
      case 3 -> replaced(octets, at, random.nextBoolean() ? 0 : length, piece(seed()));
      case 4 -> replaced(octets, at, 0, piece(octets));
      case 5 -> replaced(octets, at, random.nextBoolean() ? 0 : length, word());
      case 6 -> Arrays.copyOf(octets, at);
      case 7 -> withFlippedBit(octets, at);
      default -> withOtherNumber(octets, at);
    };
  }

  private byte[] anyOctet() {
    int octet =
        random.nextBoolean() ? random.nextInt(256) : ODD_OCTETS[random.nextInt(ODD_OCTETS.length)];
    return new byte[] {(byte) octet};
  }

  private byte[] word() {
    return words.isEmpty() ? anyOctet() : words.get(random.nextInt(words.size()));
  }

  private byte[] piece(byte[] octets) {
    int from = random.nextInt(octets.length + 1);
    int most = random.nextInt(4) == 0 ? octets.length : 40;
    return Arrays.copyOfRange(
        octets, from, Math.min(octets.length, from + random.nextInt(most + 1)));
  }

  private byte[] withFlippedBit(byte[] octets, int at) {
    if (at < octets.length) {
      octets[at] ^= (byte) (1 << random.nextInt(8));
    }
    return octets;
  }

  /** Counts and lengths take two octets; most lies about them are small. */
  private byte[] withOtherNumber(byte[] octets, int at) {
    if (at + 1 < octets.length) {
      int number = (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
      number += random.nextInt(9) - 4;
      octets[at] = (byte) (number >> 8);
      octets[at + 1] = (byte) number;
    }
    return octets;
  }

  private static byte[] replaced(byte[] octets, int at, int length, byte[] piece) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(octets.length + piece.length);
    all.write(octets, 0, at);
    all.writeBytes(piece);
    all.write(octets, at + length, octets.length - at - length);
    return all.toByteArray();
  }
}
