package resolver.upstream;

import resolver.clock.Ticker;

/**
 * Spells the names of queries to one server at random, each letter large or small, which the server
 * has to repeat: a bit for each letter that a forger must guess beside ID and port.
 *
 * <p>A response with another spelling may be forged, or come from a server that spells names in its
 * own way. It is not believed, and the server asked over TCP instead, where no forger gets in. Only
 * after {@value #MOST_STRANGE} such exchanges in a row, with none in between that kept the
 * spelling, names go to that server as they are, for an hour.
 *
 * <p>Belongs to one event loop.
 */
final class MixedCase {
  /** So many exchanges in a row are spelt otherwise until the server is taken for one that does. */
  static final int MOST_STRANGE = 8;

  private static final long REST_NANOS = 3_600_000_000_000L;
  private static final int CASE = 0x20;
  private static final int BITS = 64;

  private final RandomPool random;
  private final Ticker ticker;
  private int strange;
  private boolean resting;
  private long restsSince;

  MixedCase(RandomPool random, Ticker ticker) {
    this.random = random;
    this.ticker = ticker;
  }

  /**
   * Spells a name at random, in place.
   *
   * @param message has a whole name without compression at the given place
   * @return whether the response has to repeat it; no where this server is spared
   */
  boolean mix(byte[] message, int at) {
    if (resting && ticker.nanos() - restsSince < REST_NANOS) {
      return false;
    }
    resting = false;
    long bits = 0;
    int left = 0;
    for (int label = at; message[label] != 0; ) {
      int end = label + 1 + (message[label] & 0xff);
      for (int i = label + 1; i < end; i++) {
        if (isLetter(message[i])) {
          if (left == 0) {
            bits = random.nextLong();
            left = BITS;
          }
          message[i] ^= (byte) (bits & CASE);
          bits = Long.rotateRight(bits, 1);
          left--;
        }
      }
      label = end;
    }
    return true;
  }

  private static boolean isLetter(byte octet) {
    int small = octet | CASE;
    return small >= 'a' && small <= 'z';
  }

  /** A response has kept the spelling. */
  void wasKept() {
    strange = 0;
  }

  /** An exchange had a response that is right but for its spelling. */
  void wasStrange() {
    strange++;
    if (strange >= MOST_STRANGE) {
      strange = 0;
      resting = true;
      restsSince = ticker.nanos();
    }
  }
}
