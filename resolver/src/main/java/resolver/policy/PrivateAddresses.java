package resolver.policy;

import java.net.InetAddress;

/**
 * Tells the addresses that mean something within one machine, link or site alone, so that a public
 * server has no business to speak of them.
 */
public final class PrivateAddresses {
  private PrivateAddresses() {}

  /** Whether an address is private. */
  public static boolean contain(InetAddress address) {
    byte[] octets = address.getAddress();
    return contain(octets, 0, octets.length);
  }

  /**
   * Whether the octets at a place are a private address.
   *
   * @param length 4 or 16; nothing else is an address
   */
  static boolean contain(byte[] octets, int at, int length) {
    return switch (length) {
      case 4 -> isPrivateFour(octets, at);
      case 16 -> isPrivateSix(octets, at);
      default -> false;
    };
  }

  private static boolean isPrivateFour(byte[] octets, int at) {
    int second = octets[at + 1] & 0xff;
    return switch (octets[at] & 0xff) {
      // "This host" (RFC 1122 section 3.2.1.3), which reaches loopback on many systems, and
      // loopback.
      case 0, 127 -> true;
      // Private networks (RFC 1918 section 3).
      case 10 -> true;
      case 172 -> (second & 0xf0) == 16;
      case 192 -> second == 168;
      // Behind a carrier's NAT (RFC 6598): an overlay network or the provider's own machines.
      case 100 -> (second & 0xc0) == 64;
      // Link-local (RFC 3927).
      case 169 -> second == 254;
      default -> false;
    };
  }

  private static boolean isPrivateSix(byte[] octets, int at) {
    int first = octets[at] & 0xff;
    int second = octets[at + 1] & 0xff;
    if ((first & 0xfe) == 0xfc) {
      return true; // Unique local (RFC 4193 section 3.1).
    }
    if (first == 0xfe) {
      // Link-local (RFC 4291 section 2.5.6), and site-local, which it was once (2.5.7).
      return (second & 0x80) != 0;
    }
    return holdsFour(octets, at) && isPrivateFour(octets, at + 12);
  }

  /**
   * Whether the last four octets are an IPv4 address: IPv4-compatible, which covers the unspecified
   * and the loopback address, IPv4-mapped (RFC 4291 section 2.5.5), or behind the well-known prefix
   * of a NAT64 (RFC 6052 section 2.1).
   */
  private static boolean holdsFour(byte[] octets, int at) {
    for (int i = 4; i < 10; i++) {
      if (octets[at + i] != 0) {
        return false;
      }
    }
    int head = resolver.wire.Octets.i32(octets, at);
    int before = resolver.wire.Octets.u16(octets, at + 10);
    return head == 0 ? before == 0 || before == 0xffff : head == 0x0064ff9b && before == 0;
  }
}
