package resolver.wire;

/** Numbers in network byte order. */
public final class Octets {
  private Octets() {}

  /** Two octets as a number from 0 to 65535. */
  public static int u16(byte[] octets, int at) {
    return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
  }

  /** Four octets as a number; its top bit is the sign. */
  public static int i32(byte[] octets, int at) {
    return (u16(octets, at) << 16) | u16(octets, at + 2);
  }

  /** Puts a number from 0 to 65535 into two octets. */
  public static void putU16(byte[] octets, int at, int value) {
    octets[at] = (byte) (value >>> 8);
    octets[at + 1] = (byte) value;
  }

  /** Puts a number into four octets. */
  public static void putI32(byte[] octets, int at, int value) {
    putU16(octets, at, value >>> 16);
    putU16(octets, at + 2, value);
  }
}
