package resolver.daemon;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import resolver.settings.Addresses;

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
record Sieve(List<InetSocketAddress> kept, List<String> warnings) {
  /** Goes over the servers. */
  static Sieve of(
      List<InetSocketAddress> servers,
      Predicate<InetSocketAddress> isOurs,
      Predicate<InetSocketAddress> hasRoute,
      Predicate<InetSocketAddress> leadsBack) {
    List<String> warnings = new ArrayList<>();
    List<InetSocketAddress> others =
        drop(servers, isOurs, "is this resolver itself: left out", warnings);
    List<InetSocketAddress> reachable = others.stream().filter(hasRoute).toList();
    if (!reachable.isEmpty()) {
      others = drop(others, hasRoute.negate(), "has no route: set aside until it has", warnings);
    }
    if (!others.stream().allMatch(leadsBack)) {
      others = drop(others, leadsBack, "leads back to this resolver: left out", warnings);
    }
    return new Sieve(others, List.copyOf(warnings));
  }

  private static List<InetSocketAddress> drop(
      List<InetSocketAddress> from,
      Predicate<InetSocketAddress> which,
      String why,
      List<String> warnings) {
    List<InetSocketAddress> left = new ArrayList<>();
    for (InetSocketAddress server : from) {
      if (which.test(server)) {
        warnings.add("upstream " + Addresses.format(server) + " " + why);
      } else {
        left.add(server);
      }
    }
    return List.copyOf(left);
  }
}
