package resolver.upstream;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import resolver.selection.Order;
import resolver.selection.Policy;
import resolver.selection.ServerGroup;
import resolver.selection.ServerState;

/**
 * The servers of a route, together with what is known of them. Immutable but for that; any thread
 * may call.
 *
 * @param title the domain of the route, as people write it; "." for the rest
 * @param servers as they are listed
 * @param choice the same servers, in the same places
 */
record Group(String title, List<Server> servers, ServerGroup choice) {
  /**
   * A group of servers, each once.
   *
   * @param stateOf what is known of a server
   * @param madeAt in the ticker's nanoseconds
   */
  static Group of(
      String title,
      List<InetSocketAddress> addresses,
      Policy policy,
      Function<Server, ServerState> stateOf,
      long madeAt) {
    List<Server> servers =
        addresses.stream().distinct().limit(Order.MOST).map(Server::new).toList();
    List<ServerState> states = servers.stream().map(stateOf).toList();
    return new Group(title, servers, new ServerGroup(states, policy, madeAt));
  }

  boolean isRest() {
    return title.equals(".");
  }

  /** The place of one of its servers. */
  @SuppressWarnings("ReferenceEquality") // It is the same one mostly; else the list finds it.
  int indexOf(Server server) {
    return server == servers.get(0) ? 0 : servers.indexOf(server);
  }
}
