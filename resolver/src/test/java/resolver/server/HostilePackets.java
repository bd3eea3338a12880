package resolver.server;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import resolver.fixtures.DnsClient;

/**
 * Makes queries, good ones and all kinds of bad ones, from a seed. The IDs of the good ones lie
 * below 32,768, those of the others above, so that no answer can be taken for another's.
 */
final class HostilePackets {
  private static final String[] TYPES = {"A", "AAAA", "MX", "TXT", "HTTPS", "ANY", "TYPE65280"};
  private static final int HEADER = 12;

  private final Random random;
  private int nextGood;

  HostilePackets(Random random) {
    this.random = random;
  }

  /** A query for an address, with a spelling of its own. */
  byte[] good() {
    String name = "n" + random.nextInt(500) + ".example.org";
    StringBuilder spelt = new StringBuilder();
    name.chars()
        .forEach(
            c -> spelt.append(random.nextBoolean() ? Character.toUpperCase((char) c) : (char) c));
    Message query =
        random.nextBoolean()
            ? DnsClient.query(spelt.toString(), "A")
            : DnsClient.query(spelt.toString(), "A", 1232, ExtendedFlags.DO);
    byte[] octets = query.toWire();
    nextGood = (nextGood + 1) & 0x7fff;
    octets[0] = (byte) (nextGood >> 8);
    octets[1] = (byte) nextGood;
    return octets;
  }

  /** Something else: not always broken, but never with the ID of a good one. */
  byte[] hostile() {
    Supplier<byte[]> kind =
        switch (random.nextInt(8)) {
          case 0 -> this::noise;
          case 1 -> this::noiseBehindAHeader;
          case 2 -> this::cutShort;
          case 3 -> this::withLies;
          case 4 -> this::withARun;
          case 5 -> this::withATail;
          case 6 -> this::withPointers;
          default -> this::withFlippedBits;
        };
    byte[] octets = kind.get();
    if (octets.length > 0) {
      octets[0] |= (byte) 0x80;
    }
    return octets;
  }

  private byte[] base() {
    String name = "h" + random.nextInt(2000) + ".example.org";
    String type = TYPES[random.nextInt(TYPES.length)];
    Message query =
        random.nextBoolean()
            ? DnsClient.query(name, type)
            : DnsClient.query(name, type, random.nextInt(65_536), random.nextInt(65_536));
    return query.toWire();
  }

  private byte[] noise() {
    byte[] octets = new byte[random.nextInt(random.nextInt(20) == 0 ? 1500 : 64)];
    random.nextBytes(octets);
    return octets;
  }

  private byte[] noiseBehindAHeader() {
    byte[] octets = new byte[HEADER + random.nextInt(300)];
    random.nextBytes(octets);
    System.arraycopy(base(), 0, octets, 0, HEADER);
    return octets;
  }

  private byte[] cutShort() {
    byte[] octets = base();
    return Arrays.copyOf(octets, random.nextInt(octets.length));
  }

  /** Counts, lengths and flags that are not true. */
  private byte[] withLies() {
    byte[] octets = base();
    for (int i = random.nextInt(4); i >= 0; i--) {
      octets[2 + random.nextInt(Math.min(octets.length - 2, 12))] = (byte) random.nextInt(256);
    }
    return octets;
  }

  private byte[] withARun() {
    byte[] octets = base();
    int from = random.nextInt(octets.length);
    int to = from + random.nextInt(octets.length - from);
    Arrays.fill(octets, from, to, (byte) random.nextInt(256));
    return octets;
  }

  private byte[] withATail() {
    byte[] octets = base();
    byte[] longer = new byte[octets.length + random.nextInt(600)];
    random.nextBytes(longer);
    System.arraycopy(octets, 0, longer, 0, octets.length);
    return longer;
  }

  private byte[] withPointers() {
    byte[] octets = base();
    int at = HEADER + random.nextInt(octets.length - HEADER - 1);
    octets[at] = (byte) (0xc0 | random.nextInt(2));
    octets[at + 1] = (byte) random.nextInt(64);
    return octets;
  }

  private byte[] withFlippedBits() {
    byte[] octets = base();
    for (int i = random.nextInt(6); i >= 0; i--) {
      octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return octets;
  }
}
