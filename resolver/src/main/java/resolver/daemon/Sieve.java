package resolver.daemon;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import resolver.upstream.Server;

/**
 * Decides which of the upstream servers are asked.
 *
 * <ul>
 *   <li>This resolver itself never is.
 *   <li>Those that no route leads to, of a family that this network lacks for instance, are set
 *       aside rather than timed out; and so are those that lead back to us.
 *   <li>But nobody is set aside where no other is left: a server that fails is better than none,
 *       and is there at once when it fails no longer.
 * </ul>
 *
 * @param kept in their order
 * @param warnings who is not among them, and why
 */
record Sieve(List<Server> kept, List<String> warnings) {
  /** Goes over the servers. */
  static Sieve of(
      List<Server> servers,
      Predicate<InetSocketAddress> isOurs,
      Predicate<InetSocketAddress> hasRoute,
      Predicate<Server> leadsBack) {
    List<String> warnings = new ArrayList<>();
    Predicate<Server> isWithin = at(isOurs, false);
    Predicate<Server> isReachable = at(hasRoute, true);
    List<Server> others = drop(servers, isWithin, "is this resolver itself: left out", warnings);
    List<Server> reachable = others.stream().filter(isReachable).toList();
    if (!reachable.isEmpty()) {
      others = drop(others, isReachable.negate(), "has no route: set aside until it has", warnings);
    }
    if (!others.stream().allMatch(leadsBack)) {
      others = drop(others, leadsBack, "leads back to this resolver: left out", warnings);
    }
    return new Sieve(others, List.copyOf(warnings));
  }

  /** Of a server that is known by name alone, nothing of its address is known. */
  private static Predicate<Server> at(Predicate<InetSocketAddress> address, boolean unknown) {
    return server -> server.hasAddress() ? address.test(server.address()) : unknown;
  }

  private static List<Server> drop(
      List<Server> from, Predicate<Server> which, String why, List<String> warnings) {
    List<Server> left = new ArrayList<>();
    for (Server server : from) {
      if (which.test(server)) {
        warnings.add("upstream " + server + " " + why);
      } else {
        left.add(server);
      }
    }
    return List.copyOf(left);
  }
}
