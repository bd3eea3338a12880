package resolver.wire;

/**
 * Domain names as octets: labels, each behind its length, up to the empty one of the root (RFC 1035
 * section 3.1).
 */
public final class Names {
  /** The longest name in octets, lengths and root included (RFC 1035 section 2.3.4). */
  public static final int MAX_LENGTH = 255;

  /** The longest label in octets (RFC 1035 section 2.3.4). */
  public static final int MAX_LABEL = 63;

  private static final byte[] ROOT = {0};

  private Names() {}

  /** The root's octets. */
  public static byte[] root() {
    return ROOT.clone();
  }

  /**
   * An octet with the letters A to Z made small, and all others left alone (RFC 4343 section 3).
   */
  public static byte fold(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
  }

  /** Makes the letters of the first octets small, in place. */
  public static void fold(byte[] octets, int length) {
    for (int i = 0; i < length; i++) {
      octets[i] = fold(octets[i]);
    }
  }

  /** Whether two stretches of octets are one name, whatever the case of their letters. */
  public static boolean sameIgnoringCase(
      byte[] left, int leftAt, byte[] right, int rightAt, int length) {
    for (int i = 0; i < length; i++) {
      if (fold(left[leftAt + i]) != fold(right[rightAt + i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first octets are one name, whole and without compression. */
  public static boolean isWhole(byte[] octets, int length) {
    int at = 0;
    while (at < length && octets[at] > 0 && octets[at] <= MAX_LABEL) {
      at += 1 + octets[at];
    }
    return at == length - 1 && length <= MAX_LENGTH && octets[at] == 0;
  }

  /**
   * Where the name at {@code at} of a message ends: behind its root or behind its first compression
   * pointer.
   *
   * @return the index of the first octet behind it, or -1 where the octets are no name
   */
  static int skip(byte[] message, int at) {
    int here = at;
    while (here >= 0 && here < message.length) {
      int length = message[here] & 0xff;
      if (length == 0) {
        return here + 1;
      }
      if ((length & 0xc0) == 0xc0) {
        return here + 2 <= message.length ? here + 2 : -1;
      }
      if (length > MAX_LABEL || here - at > MAX_LENGTH) {
        return -1;
      }
      here += 1 + length;
    }
    return -1;
  }
}
