package resolver.settings;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A network of addresses: an address and the number of its leading bits that count. */
public final class Network {
  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address alone.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    String expected = "an address or a network such as \"192.0.2.0/24\" or \"2001:db8::/32\"";
    if (address == null) {
      throw new IllegalArgumentException(expected);
    }
    int most = address.length * 8;
    if (slash < 0) {
      return new Network(address, most);
    }
    try {
      int bits = Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException("a prefix length from 0 to " + most);
      }
      return new Network(address, bits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
  }

  /** Whether an address lies in this network; an IPv4-mapped one counts as IPv4. */
  public boolean contains(InetAddress candidate) {
    byte[] other = candidate.getAddress();
    if (other.length != address.length) {
      return false;
    }
    int whole = bits >> 3;
    for (int i = 0; i < whole; i++) {
      if (address[i] != other[i]) {
        return false;
      }
    }
    int rest = bits & 7;
    return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >> (8 - rest) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && bits == that.bits
        && java.util.Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return 31 * java.util.Arrays.hashCode(address) + bits;
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
