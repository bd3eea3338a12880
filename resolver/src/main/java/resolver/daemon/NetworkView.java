package resolver.daemon;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import resolver.settings.Addresses;

/**
 * What of the network concerns upstream servers: which of our addresses faces each of them, and the
 * gateways to the rest of the world.
 *
 * @param sources none for a server that no route leads to
 * @param gateways in an order of their own
 */
record NetworkView(Map<InetSocketAddress, Optional<InetAddress>> sources, List<String> gateways) {
  NetworkView {
    sources = Map.copyOf(sources);
    gateways = List.copyOf(gateways);
  }

  /** The view of some servers. */
  static NetworkView of(
      List<InetSocketAddress> servers,
      Function<InetSocketAddress, @Nullable InetAddress> sourceTowards,
      List<String> gateways) {
    Map<InetSocketAddress, Optional<InetAddress>> sources = new HashMap<>();
    for (InetSocketAddress server : servers) {
      sources.put(server, Optional.ofNullable(sourceTowards.apply(server)));
    }
    return new NetworkView(sources, gateways);
  }

  /** What is different in a later view, in words, or null; servers that one lacks do not count. */
  @Nullable String changeTo(NetworkView later) {
    if (!gateways.equals(later.gateways)) {
      return "the gateway is now " + words(later.gateways) + " (was " + words(gateways) + ")";
    }
    for (Map.Entry<InetSocketAddress, Optional<InetAddress>> each : sources.entrySet()) {
      Optional<InetAddress> now = later.sources.get(each.getKey());
      if (now != null && !Objects.equals(now, each.getValue())) {
        return "our address towards "
            + Addresses.format(each.getKey())
            + " is now "
            + words(now)
            + " (was "
            + words(each.getValue())
            + ")";
      }
    }
    return null;
  }

  private static String words(List<String> gateways) {
    return gateways.isEmpty() ? "none" : String.join(", ", gateways);
  }

  private static String words(Optional<InetAddress> source) {
    return source.map(InetAddress::getHostAddress).orElse("none");
  }
}
