package resolver.settings;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network of addresses: an address and the number of its leading bits that count. */
public final class Network {
  private static final Pattern SHAPE = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(\\d{1,3}))?");

  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address.clone();
    mask(this.address, bits);
    this.bits = bits;
  }

  /**
   * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address alone. Bits behind the prefix
   * are cleared, and an IPv4-mapped network becomes the IPv4 one.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Network parse(String text) {
    Matcher parts = SHAPE.matcher(text.strip());
    byte[] address =
        parts.matches() ? NetUtil.createByteArrayFromIpAddressString(parts.group(1)) : null;
    if (address == null) {
      throw new IllegalArgumentException(
          "an address or a network such as \"192.0.2.0/24\" or \"2001:db8::/32\"");
    }
    int most = address.length * 8;
    int bits = parts.group(2) == null ? most : Integer.parseInt(parts.group(2));
    if (bits > most) {
      throw new IllegalArgumentException("a prefix length from 0 to " + most);
    }
    return bits >= 96 && isMapped(address)
        ? new Network(Arrays.copyOfRange(address, 12, 16), bits - 96)
        : new Network(address, bits);
  }

  /** The network of an address. */
  public static Network of(InetAddress address, int bits) {
    return new Network(address.getAddress(), bits);
  }

  /** Whether an address lies in this network; an IPv4-mapped one counts as IPv4. */
  public boolean contains(InetAddress candidate) {
    byte[] other = candidate.getAddress();
    return other.length == address.length && beginsLikeThis(other);
  }

  /** Whether every address of this network lies in another one too. */
  public boolean isWithin(Network wider) {
    return address.length == wider.address.length
        && bits >= wider.bits
        && wider.beginsLikeThis(address);
  }

  private boolean beginsLikeThis(byte[] other) {
    int whole = bits >> 3;
    for (int i = 0; i < whole; i++) {
      if (address[i] != other[i]) {
        return false;
      }
    }
    int rest = bits & 7;
    return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /** Clears the bits of an address behind its prefix. */
  public static void mask(byte[] address, int bits) {
    for (int i = bits >> 3; i < address.length; i++) {
      int kept = Math.max(0, bits - 8 * i);
      address[i] &= (byte) (0xff00 >> kept);
    }
  }

  /** Whether it lies in ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
  private static boolean isMapped(byte[] address) {
    if (address.length != 16 || address[10] != (byte) 0xff || address[11] != (byte) 0xff) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && bits == that.bits
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(address) + bits;
  }

  @Override
  public String toString() {
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(address)) + "/" + bits;
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
