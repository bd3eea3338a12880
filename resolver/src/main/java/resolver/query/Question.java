package resolver.query;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import resolver.wire.Names;
import resolver.wire.Octets;

/**
 * What is asked, as far as the answer depends on it: the name with its letters made small (RFC
 * 4343), type and class as octets, the CD bit, and the space, which is the part of the cache that
 * it belongs to (a view or group of routes; 0 until there are several).
 *
 * <p>The hash is seeded anew in each process, for the names are a stranger's.
 */
public final class Question {
  /** Stands for every type of a name: where an answer about the name as a whole is kept. */
  public static final int EVERY_TYPE = 0;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = new SecureRandom().nextLong();
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final byte[] octets;
  private final boolean checkingDisabled;
  private final char space;
  private final int hash;

  private Question(byte[] octets, boolean checkingDisabled, int space) {
    this.octets = octets;
    this.checkingDisabled = checkingDisabled;
    this.space = (char) space;
    this.hash = hash(octets, octets.length, (checkingDisabled ? 1 : 0) | (space << 1));
  }

  /**
   * A question of space 0.
   *
   * @param name a whole name as octets without compression, in whatever case
   * @param type the QTYPE, 0 to 65535
   * @param dnsClass the QCLASS, 0 to 65535
   * @param checkingDisabled the CD bit (RFC 4035 section 3.2.2)
   */
  public static Question of(byte[] name, int type, int dnsClass, boolean checkingDisabled) {
    byte[] octets = Arrays.copyOf(name, name.length + 4);
    Octets.putU16(octets, name.length, type);
    Octets.putU16(octets, name.length + 2, dnsClass);
    return ofOctets(octets, checkingDisabled);
  }

  /**
   * A question of space 0 out of the octets of a message's question section.
   *
   * @param octets name without compression, type and class; becomes this question's own
   */
  public static Question ofOctets(byte[] octets, boolean checkingDisabled) {
    Names.fold(octets, octets.length - 4);
    return new Question(octets, checkingDisabled, 0);
  }

  /** The name, letters small, without compression. */
  public byte[] name() {
    return Arrays.copyOf(octets, nameLength());
  }

  /** The length of name, type and class in octets. */
  public int length() {
    return octets.length;
  }

  /** Copies name, letters small, type and class into an array, from a place on. */
  public void copyTo(byte[] to, int at) {
    System.arraycopy(octets, 0, to, at, octets.length);
  }

  /**
   * Whether a message has this name at a place, whole, in whatever case.
   *
   * @param message has so many octets from there on, at least
   */
  public boolean hasNameAt(byte[] message, int at) {
    for (int i = 0; i < nameLength(); i++) {
      if (Names.fold(message[at + i]) != octets[i]) {
        return false;
      }
    }
    return true;
  }

  /** Name, type and class; not to be written to. */
  byte[] octets() {
    return octets;
  }

  /** The length of the name in octets, root included. */
  public int nameLength() {
    return octets.length - 4;
  }

  /** Whether the name is one label below the root. */
  public boolean isSingleLabel() {
    return octets[0] != 0 && nameLength() == 2 + (octets[0] & 0xff);
  }

  /** The QTYPE. */
  public int type() {
    return Octets.u16(octets, nameLength());
  }

  /** The QCLASS. */
  public int dnsClass() {
    return Octets.u16(octets, nameLength() + 2);
  }

  /** The CD bit: the asker takes an answer that nobody has validated. */
  public boolean checkingDisabled() {
    return checkingDisabled;
  }

  /** The part of the cache that this question belongs to. */
  public int space() {
    return space;
  }

  /** The same question in a part of the cache. */
  public Question inSpace(int other) {
    return other == space ? this : new Question(octets, checkingDisabled, other);
  }

  /** The same name and class, for every type. */
  public Question forEveryType() {
    byte[] other = octets.clone();
    other[nameLength()] = 0;
    other[nameLength() + 1] = 0;
    return new Question(other, checkingDisabled, space);
  }

  /**
   * Whether the name is the given one or lies below it.
   *
   * @param suffix a whole name as octets, letters small
   */
  public boolean isAtOrBelow(byte[] suffix) {
    int at = 0;
    int end = nameLength();
    while (end - at > suffix.length) {
      at += 1 + (octets[at] & 0xff);
    }
    return end - at == suffix.length && Arrays.equals(octets, at, end, suffix, 0, suffix.length);
  }

  /**
   * Whether the name is the given one.
   *
   * @param name a whole name as octets, letters small
   */
  public boolean isAt(byte[] name) {
    return Arrays.equals(octets, 0, nameLength(), name, 0, name.length);
  }

  /** What this question weighs in memory, in octets by estimate, objects included. */
  public int weight() {
    return 24 + 16 + ((octets.length + 7) & ~7);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Question that
            && hash == that.hash
            && checkingDisabled == that.checkingDisabled
            && space == that.space
            && Arrays.equals(octets, that.octets));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The name in the form of a master file, letters small, with the dot of the root. */
  public String nameText() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; octets[at] != 0; ) {
      int end = at + 1 + (octets[at] & 0xff);
      for (at++; at < end; at++) {
        int c = octets[at] & 0xff;
        if (c == '.' || c == '\\' || c == '"') {
          text.append('\\').append((char) c);
        } else if (c > ' ' && c < 0x7f) {
          text.append((char) c);
        } else {
          text.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10));
          text.append((char) ('0' + c % 10));
        }
      }
      text.append('.');
    }
    if (text.length() == 0) {
      text.append('.');
    }
    return text.toString();
  }

  /** Name, class and type in the form of a master file, for people. */
  @Override
  public String toString() {
    return nameText()
        + (dnsClass() == 1 ? " IN " : " CLASS" + dnsClass() + " ")
        + org.xbill.DNS.Type.string(type());
  }

  /** The hash of the first octets of an array, seeded anew in each process. */
  static int hash(byte[] octets, int length, long extra) {
    long h = SEED ^ (extra * MIX);
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      h = mix(h ^ (long) LONG.get(octets, at));
    }
    long tail = length;
    for (; at < length; at++) {
      tail = (tail << 8) | (octets[at] & 0xff);
    }
    h = mix(h ^ tail);
    return (int) (h ^ (h >>> 32));
  }

  /** Both halves of a product, folded: no octet of the input fails to reach every bit. */
  private static long mix(long value) {
    long salted = value ^ MIX;
    return Math.multiplyHigh(salted, SEED | 1) ^ (salted * (SEED | 1));
  }
}
