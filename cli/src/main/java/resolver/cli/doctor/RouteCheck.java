package resolver.cli.doctor;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import resolver.net.DefaultRoutes;
import resolver.upstream.Server;

/** Whether ways lead to the servers, and to the rest of the world over IPv4 and IPv6. */
final class RouteCheck {
  private static final String TOPIC = "route";

  private final Path root;
  private final Predicate<InetSocketAddress> hasRoute;

  /**
   * A check.
   *
   * @param hasRoute whether a way leads to an address; sends nothing
   */
  RouteCheck(Path root, Predicate<InetSocketAddress> hasRoute) {
    this.root = root;
    this.hasRoute = hasRoute;
  }

  /** Looks at the gateways, and at the way to each server. */
  List<Finding> look(List<Server> servers) {
    List<Finding> findings = new ArrayList<>();
    List<String> gateways = new DefaultRoutes(root).read();
    boolean six = gateways.stream().anyMatch(gateway -> gateway.contains(":"));
    findings.add(
        gateways.isEmpty()
            ? Finding.warn(
                TOPIC,
                "no gateway to the rest of the world, over IPv4 or IPv6",
                "Connect this machine to a network")
            : Finding.ok(
                TOPIC,
                String.join("; ", gateways)
                    + (six ? "" : "; none over IPv6, so servers of IPv6 cannot be asked")));
    for (Server server : servers) {
      if (server.hasAddress() && !hasRoute.test(server.address())) {
        boolean isSix = server.address().getAddress() instanceof Inet6Address;
        findings.add(
            Finding.warn(
                TOPIC,
                "no way leads to " + server,
                isSix
                    ? "Set IPv6 up, or take this server out of upstream.servers"
                    : "Correct the routes of this machine (ip route), or name another server"));
      }
    }
    return findings;
  }
}
