package resolver.config;

import java.net.InetSocketAddress;
import java.util.List;
import resolver.settings.Addresses;
import resolver.upstream.Servers;

/** The word {@code "auto"}, or a list of the addresses of servers. */
final class ServersKind implements Kind {
  private static final int DNS_PORT = 53;

  private static final ListKind<InetSocketAddress> ADDRESSES =
      new ListKind<>("an address", ServersKind::serverAddress, Addresses::format);

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Servers read(Object raw) {
    if (raw.equals("auto") || raw.equals(List.of("auto"))) {
      return Servers.AUTO;
    }
    if (!(raw instanceof String) && !(raw instanceof List<?> list && !list.isEmpty())) {
      throw new IllegalArgumentException("\"auto\", or a list of at least one address");
    }
    return new Servers(ADDRESSES.read(raw));
  }

  @Override
  public String write(Object value) {
    Servers servers = (Servers) value;
    return servers.isAuto() ? Raw.quote("auto") : ADDRESSES.write(servers.addresses());
  }

  /** One server as it is always written. */
  static String word(String text) {
    return Addresses.format(serverAddress(text).get(0));
  }

  private static List<InetSocketAddress> serverAddress(String text) {
    if (text.equals("auto")) {
      throw new IllegalArgumentException("either \"auto\" alone or addresses alone");
    }
    InetSocketAddress server = Addresses.parse(text, DNS_PORT);
    if (server.getPort() == 0
        || server.getAddress().isAnyLocalAddress()
        || server.getAddress().isMulticastAddress()) {
      throw new IllegalArgumentException("the address and port of one server");
    }
    return List.of(server);
  }
}
