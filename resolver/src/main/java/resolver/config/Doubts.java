package resolver.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import resolver.settings.Addresses;
import resolver.settings.Network;
import resolver.settings.Words;

/** What settings may say, but hardly mean. */
final class Doubts {
  private static final List<Network> LOOPBACK =
      List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128"));

  private static final List<Network> EVERYONE =
      List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0"));

  private Doubts() {}

  /** Tells the doubts about some settings, a sentence each. */
  static List<String> about(Settings settings) {
    List<String> doubts = new ArrayList<>();
    Optional<InetSocketAddress> open =
        settings.server().listen().stream()
            .filter(address -> !address.getAddress().isLoopbackAddress())
            .findFirst();
    settings.metrics().listen().stream()
        .filter(address -> !address.getAddress().isLoopbackAddress())
        .forEach(
            address ->
                doubts.add(
                    "metrics.listen: %s is reached by other machines: they read which names are asked for, and no password is asked of them"
                        .formatted(Addresses.format(address))));
    open.ifPresent(address -> aboutClients(Addresses.format(address), settings, doubts));
    if (settings.upstream().tryTimeout().compareTo(settings.lookup().deadline()) >= 0) {
      doubts.add(
          "upstream.try-timeout: %s leaves no time for a second try before lookup.deadline, which is %s"
              .formatted(
                  Words.duration(settings.upstream().tryTimeout()),
                  Words.duration(settings.lookup().deadline())));
    }
    return doubts;
  }

  private static void aboutClients(String listen, Settings settings, List<String> doubts) {
    List<Network> allow = settings.server().allow();
    if (allow.stream().allMatch(Doubts::isLoopback)) {
      doubts.add(
          "server.listen: %s takes queries of other machines, but server.allow names none: they get REFUSED"
              .formatted(listen));
    }
    allow.stream()
        .filter(EVERYONE::contains)
        .forEach(
            network ->
                doubts.add(
                    "server.allow: %s lets everyone in who reaches %s: open resolvers are used to flood others (RFC 5358)"
                        .formatted(network, listen)));
  }

  private static boolean isLoopback(Network network) {
    return LOOPBACK.stream().anyMatch(network::isWithin);
  }
}
