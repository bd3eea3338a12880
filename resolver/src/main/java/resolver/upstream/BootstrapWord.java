package resolver.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import resolver.settings.Addresses;

/**
 * A word about where addresses of servers come from that are named by host name: either such a name
 * with its addresses, as in a hosts file but the other way round, or a plain server that is asked
 * for them.
 *
 * @param host the name, empty for a server
 * @param addresses those of the name, without a port; or that of the server
 */
public record BootstrapWord(String host, List<InetSocketAddress> addresses) {
  private static final String EXPECTED =
      "a host name with its addresses, such as \"dns.example 192.0.2.1 2001:db8::1\", or the"
          + " address of a plain server that is asked for names";

  /** Copies the list. */
  public BootstrapWord {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static BootstrapWord parse(String text) {
    String[] words = text.strip().split("\\s+");
    String host = ServerWords.hostName(ServerWords.checkedLength(words[0]));
    if (host == null && words.length == 1) {
      Server server = ServerWords.parse(words[0]);
      if (!server.isEncrypted()) {
        return new BootstrapWord("", List.of(server.address()));
      }
    }
    if (host == null || words.length == 1) {
      throw new IllegalArgumentException(EXPECTED);
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      InetSocketAddress address = Addresses.parse(words[i], 0);
      if (address.getPort() != 0) {
        throw new IllegalArgumentException("addresses without a port behind a host name");
      }
      addresses.add(address);
    }
    return new BootstrapWord(host, addresses);
  }

  boolean isServer() {
    return host.isEmpty();
  }

  /** The addresses of the name. */
  List<InetAddress> ips() {
    return addresses.stream().map(InetSocketAddress::getAddress).toList();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (isServer()) {
      return Addresses.format(addresses.get(0));
    }
    StringBuilder text = new StringBuilder(host);
    addresses.forEach(address -> text.append(' ').append(ServerWords.host(address)));
    return text.toString();
  }
}
