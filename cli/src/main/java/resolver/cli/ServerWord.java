package resolver.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.xbill.DNS.Address;

/**
 * A server as a person writes it behind {@code @}.
 *
 * @param host an IP address or a name that the system looks up
 * @param port 1 to 65535
 */
record ServerWord(String host, int port) {
  private static final int DNS = 53;
  private static final String EXPECTED =
      " (expected: @HOST, @HOST:PORT or, for IPv6 with a port, @[2001:db8::1]:PORT)";

  /**
   * Reads one.
   *
   * @param word with its {@code @}
   * @throws UsageException where it is none
   */
  static ServerWord parse(String word) {
    String text = word.substring(1);
    String host = text;
    String port = "";
    boolean hasPort = false;
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      String behind = end < 0 ? "?" : text.substring(end + 1);
      if (!behind.isEmpty() && !behind.startsWith(":")) {
        throw wrong(word, "the brackets do not close before the port");
      }
      host = text.substring(1, end);
      hasPort = !behind.isEmpty();
      port = hasPort ? behind.substring(1) : "";
    } else if (colon >= 0 && colon == text.indexOf(':')) {
      host = text.substring(0, colon);
      hasPort = true;
      port = text.substring(colon + 1);
    }
    if (host.isEmpty()) {
      throw wrong(word, "it names no host");
    }
    if (host.indexOf(':') >= 0 && !isIpv6(host)) {
      throw wrong(word, "\"" + Safe.text(host) + "\" is no IPv6 address");
    }
    return new ServerWord(host, hasPort ? port(word, port) : DNS);
  }

  private static boolean isIpv6(String host) {
    int zone = host.indexOf('%');
    return Address.toByteArray(zone < 0 ? host : host.substring(0, zone), Address.IPv6) != null;
  }

  private static int port(String word, String digits) {
    if (digits.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw wrong(word, "the port is \"" + Safe.text(digits) + "\" and must be 1 to 65535");
  }

  private static UsageException wrong(String word, String why) {
    return new UsageException("\"" + Safe.text(word) + "\" is no server: " + why + EXPECTED);
  }

  /**
   * Its address; a name is looked up by the system, which may take its time.
   *
   * @throws UnknownHostException where the system knows no address
   */
  InetSocketAddress address() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** Whether the system has to be asked for its address. */
  boolean isName() {
    return host.indexOf(':') < 0 && Address.toByteArray(host, Address.IPv4) == null;
  }
}
