package resolver.upstream;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resolver.settings.Addresses;
import resolver.upstream.Server.Protocol;

/**
 * Upstream servers as a person writes them.
 *
 * <pre>
 * 9.9.9.9   9.9.9.9:5353   [2620:fe::fe]:53                    over UDP and TCP
 * tls://9.9.9.9#dns.quad9.net                                  over TLS, with the name to prove
 * tls://dns.quad9.net   tls://9.9.9.9:8853?pin-sha256=BASE64   by name; by the hash of its key
 * https://dns.quad9.net/dns-query                              over HTTPS, by POST
 * https://9.9.9.9/dns-query{?dns}#dns.quad9.net                over HTTPS, by GET (RFC 8484, 3)
 * </pre>
 */
public final class ServerWords {
  /** The end of a path of a server that is asked by GET (RFC 6570). */
  static final String GET = "{?dns}";

  private static final String PIN = "pin-sha256=";

  private static final String EXPECTED =
      "a server such as \"192.0.2.1\", \"[2001:db8::1]:53\", \"tls://192.0.2.1#dns.example\","
          + " \"tls://dns.example\" or \"https://dns.example/dns-query\"";

  private static final String EXPECTED_PARAMETER =
      "no parameter but pin-sha256=, with the SHA-256 hash of the server's public key in Base64";

  private static final String EXPECTED_NAME =
      "a host name such as \"dns.example\" behind the #, for an address before it";

  private static final String EXPECTED_LENGTH =
      "a host name of at most 253 characters, with at most 63 between its dots (RFC 1035 section"
          + " 2.3.4)";

  /** Host and port, path, parameters, name. */
  private static final Pattern PARTS =
      Pattern.compile("([^/?#{]*)(/[^?#{]*(?:\\{\\?dns})?)?(?:\\?([^#]*))?(?:#(.*))?");

  private static final Pattern HOST_NAME =
      Pattern.compile("(?!.*[.-]\\.)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

  /** What is spelt of digits and dots is a mistaken address. */
  private static final Pattern NO_NAME = Pattern.compile("[0-9.]*|0x.*");

  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]*");

  private ServerWords() {}

  /**
   * Reads a server. Never asks DNS.
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static Server parse(String text) {
    String written = text.strip();
    int colon = written.indexOf("://");
    if (colon < 0) {
      return Server.plain(checked(plainAddress(written)));
    }
    String rest = written.substring(colon + 3);
    return switch (written.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "tls" -> encrypted(Protocol.TLS, rest);
      case "https" -> encrypted(Protocol.HTTPS, rest);
      default -> throw new IllegalArgumentException(EXPECTED);
    };
  }

  /** Writes a server the way {@link #parse} reads it. */
  public static String format(Server server) {
    String pins =
        server.pins().stream().map(pin -> PIN + pin).collect(Collectors.joining("&", "?", ""));
    return format(server, server.pins().isEmpty() ? "" : pins);
  }

  /** Writes a server for people: without the hashes of its keys. */
  static String brief(Server server) {
    return format(server, "");
  }

  private static String format(Server server, String parameters) {
    if (server.protocol() == Protocol.PLAIN) {
      return Addresses.format(server.address());
    }
    boolean named = server.name() != null && server.hasAddress();
    return (server.protocol() == Protocol.TLS ? "tls://" : "https://")
        + authority(server.address(), server.protocol().port())
        + server.path()
        + parameters
        + (named ? "#" + server.name() : "");
  }

  /** Host and port, with the port left out where it is the usual one. */
  static String authority(InetSocketAddress address, int usualPort) {
    String host = host(address);
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return address.getPort() == usualPort ? bracketed : bracketed + ":" + address.getPort();
  }

  /** The address without its port, or the name in its place. */
  static String host(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return address.getHostString();
    }
    String text = Addresses.format(address);
    String host = text.substring(0, text.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static InetSocketAddress plainAddress(String written) {
    try {
      return Addresses.parse(written, Protocol.PLAIN.port());
    } catch (IllegalArgumentException e) {
      boolean looksLikeOne = written.matches("[0-9.:\\[\\]a-fA-F]+(%.*)?");
      throw looksLikeOne ? e : new IllegalArgumentException(EXPECTED, e);
    }
  }

  private static Server encrypted(Protocol protocol, String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches() || parts.group(1).isEmpty()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String path = path(protocol, parts.group(2));
    List<String> pins = pins(parts.group(3));
    InetSocketAddress address = address(parts.group(1), protocol.port());
    String name = parts.group(4);
    if (name != null) {
      name = hostName(checkedLength(name));
      if (name == null || address.isUnresolved()) {
        throw new IllegalArgumentException(EXPECTED_NAME);
      }
    } else if (address.isUnresolved()) {
      name = address.getHostString();
    }
    return new Server(protocol, checked(address), name, pins, path, null);
  }

  private static String path(Protocol protocol, @Nullable String path) {
    if (protocol == Protocol.TLS) {
      if (path != null && path.length() > 1) {
        throw new IllegalArgumentException("no path behind tls://, for TLS has none");
      }
      return "";
    }
    if (path == null || path.length() < 2 || !VISIBLE.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "the path that queries go to, such as \"https://dns.example/dns-query\"");
    }
    return path;
  }

  private static List<String> pins(@Nullable String parameters) {
    List<String> pins = new ArrayList<>();
    if (parameters != null) {
      for (String parameter : parameters.split("&", -1)) {
        if (!parameter.startsWith(PIN)) {
          throw new IllegalArgumentException(EXPECTED_PARAMETER);
        }
        pins.add(pin(parameter.substring(PIN.length())));
      }
    }
    return pins;
  }

  private static String pin(String text) {
    try {
      byte[] hash = Base64.getDecoder().decode(text);
      if (hash.length == 32) {
        return Base64.getEncoder().encodeToString(hash);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(EXPECTED_PARAMETER, e);
    }
    throw new IllegalArgumentException(EXPECTED_PARAMETER);
  }

  /** An address, or a host name with or without a port. */
  private static InetSocketAddress address(String authority, int usualPort) {
    int colon = authority.indexOf(':');
    String host = hostName(checkedLength(colon < 0 ? authority : authority.substring(0, colon)));
    if (host == null) {
      return Addresses.parse(authority, usualPort);
    }
    // Of the port behind a name the same is true as of the port behind an address.
    int port =
        colon < 0
            ? usualPort
            : Addresses.parse("192.0.2.1" + authority.substring(colon), usualPort).getPort();
    return InetSocketAddress.createUnresolved(host, port);
  }

  /** A host name in small letters and without its last dot, or null where it is none. */
  static @Nullable String hostName(String text) {
    String ascii;
    try {
      ascii = text.chars().allMatch(c -> c < 0x80) ? text : IDN.toASCII(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String name = withoutLastDot(ascii.toLowerCase(Locale.ROOT));
    boolean isName = HOST_NAME.matcher(name).matches() && !NO_NAME.matcher(name).matches();
    return isName && !isTooLong(name) ? name : null;
  }

  /** Says of what might be a host name, but for its length, that this is the matter. */
  static String checkedLength(String text) {
    if (isTooLong(withoutLastDot(text))) {
      throw new IllegalArgumentException(EXPECTED_LENGTH);
    }
    return text;
  }

  private static boolean isTooLong(String name) {
    return name.length() > 253
        || Arrays.stream(name.split("\\.", -1)).anyMatch(label -> label.length() > 63);
  }

  private static String withoutLastDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** What a query can be sent to. */
  private static InetSocketAddress checked(InetSocketAddress server) {
    InetAddress ip = server.getAddress();
    if (server.getPort() == 0
        || (ip != null && (ip.isAnyLocalAddress() || ip.isMulticastAddress()))) {
      throw new IllegalArgumentException("the address and port of one server");
    }
    return server;
  }
}
