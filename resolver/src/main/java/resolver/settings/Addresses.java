package resolver.settings;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses with ports as a person writes them: {@code 192.0.2.1:53}, {@code [2001:db8::1]:53}. */
public final class Addresses {
  private static final String EXPECTED =
      "an IP address with or without a port, such as \"192.0.2.1\", \"192.0.2.1:5300\" or"
          + " \"[2001:db8::1]:5300\"";

  private Addresses() {}

  /**
   * Reads an IP address and a port. An IPv6 address with a port stands in brackets. Never asks DNS.
   *
   * @param defaultPort holds where none is given
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static InetSocketAddress parse(String text, int defaultPort) {
    String host = text.strip();
    String port = "";
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      if (end < 0) {
        throw new IllegalArgumentException(EXPECTED);
      }
      port = host.substring(end + 1);
      host = host.substring(1, end);
      if (!port.isEmpty() && !port.startsWith(":")) {
        throw new IllegalArgumentException(EXPECTED);
      }
      port = port.isEmpty() ? "" : port.substring(1);
    } else if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
      port = host.substring(host.indexOf(':') + 1);
      host = host.substring(0, host.indexOf(':'));
    }
    int number = defaultPort;
    if (!port.isEmpty()) {
      try {
        number = Integer.parseInt(port);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("a port from 0 to 65535", e);
      }
      if (number < 0 || number > 65535) {
        throw new IllegalArgumentException("a port from 0 to 65535");
      }
    }
    return new InetSocketAddress(parseIp(host), number);
  }

  /** Writes an address and its port the way {@link #parse} reads it. */
  public static String format(InetSocketAddress address) {
    return NetUtil.toSocketAddressString(address);
  }

  private static InetAddress parseIp(String host) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
    if (octets == null) {
      throw new IllegalArgumentException(EXPECTED);
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
