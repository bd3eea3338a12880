package resolver.upstream;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Which upstream servers to ask.
 *
 * @param addresses in the order of preference; empty means those that the system itself was told
 */
public record Servers(List<InetSocketAddress> addresses) {
  /** Those that the system itself was told; see {@code SystemServers}. */
  public static final Servers AUTO = new Servers(List.of());

  /** Copies the list. */
  public Servers {
    addresses = List.copyOf(addresses);
  }

  /** Whether the system's own are meant. */
  public boolean isAuto() {
    return addresses.isEmpty();
  }
}
