package resolver.settings;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses with ports as a person writes them: {@code 192.0.2.1:53}, {@code [2001:db8::1]:53}. */
public final class Addresses {
  private static final String EXPECTED =
      "an IP address with or without a port, such as \"192.0.2.1\", \"192.0.2.1:5300\" or"
          + " \"[2001:db8::1]:5300\"";

  private static final String EXPECTED_ZONE =
      "an IPv6 address whose zone, behind the %, is a network interface of this machine";

  /** An IPv6 address in brackets, or one without a colon; then perhaps a port. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[([^\\[\\]]*:[^\\[\\]]*)]|([^:\\[\\]]*))(?::([^:]*))?");

  private Addresses() {}

  /**
   * Reads an IP address and a port. An IPv6 address with a port stands in brackets; a link-local
   * one may name its zone, as in {@code fe80::1%eth0}. Never asks DNS.
   *
   * @param defaultPort holds where none is given
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static InetSocketAddress parse(String text, int defaultPort) {
    String written = text.strip();
    Matcher parts = WITH_PORT.matcher(written);
    if (!parts.matches()) {
      return new InetSocketAddress(parseIp(written), defaultPort);
    }
    InetAddress ip = parseIp(parts.group(1) == null ? parts.group(2) : parts.group(1));
    return new InetSocketAddress(
        ip, parts.group(3) == null ? defaultPort : parsePort(parts.group(3)));
  }

  /** Writes an address and its port the way {@link #parse} reads it. */
  public static String format(InetSocketAddress address) {
    if (address.getAddress() instanceof Inet6Address six && six.getScopeId() != 0) {
      NetworkInterface zone = six.getScopedInterface();
      String name = zone == null ? Integer.toString(six.getScopeId()) : zone.getName();
      return "[" + NetUtil.toAddressString(six) + "%" + name + "]:" + address.getPort();
    }
    return NetUtil.toSocketAddressString(address);
  }

  private static int parsePort(String port) {
    int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : -1;
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("a port from 0 to 65535");
    }
    return number;
  }

  private static InetAddress parseIp(String host) {
    int percent = host.indexOf('%');
    byte[] octets =
        NetUtil.createByteArrayFromIpAddressString(percent < 0 ? host : host.substring(0, percent));
    if (octets == null || host.startsWith("[")) {
      throw new IllegalArgumentException(EXPECTED);
    }
    try {
      return percent < 0
          ? InetAddress.getByAddress(octets)
          : inZone(octets, host.substring(percent + 1));
    } catch (UnknownHostException | SocketException e) {
      throw new IllegalArgumentException(EXPECTED_ZONE, e);
    }
  }

  /** A link-local address means something only together with the link (RFC 4007 section 11). */
  private static InetAddress inZone(byte[] octets, String zone)
      throws UnknownHostException, SocketException {
    if (octets.length != 16) {
      throw new IllegalArgumentException(EXPECTED);
    }
    if (zone.matches("\\d{1,9}")) {
      return Inet6Address.getByAddress(null, octets, Integer.parseInt(zone));
    }
    NetworkInterface link = zone.isEmpty() ? null : NetworkInterface.getByName(zone);
    if (link == null) {
      throw new IllegalArgumentException(EXPECTED_ZONE);
    }
    return Inet6Address.getByAddress(null, octets, link);
  }
}
