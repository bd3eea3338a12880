package resolver.upstream;

import java.util.List;
import java.util.Map;
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
      List<Server> listed,
      Policy policy,
      Function<Server, ServerState> stateOf,
      long madeAt) {
    List<Server> servers = listed.stream().distinct().limit(Order.MOST).toList();
    List<ServerState> states = servers.stream().map(stateOf).toList();
    return new Group(title, servers, new ServerGroup(states, policy, madeAt));
  }

  /** Servers that are asked one question, and of which nothing is known or kept. */
  static Group forOneQuestion(List<Server> servers, long now) {
    return of(".", servers, Policy.SEQUENTIAL, Group::unknown, now);
  }

  /** A server of which nothing is known yet. */
  static ServerState unknown(Server server) {
    return new ServerState(server.toString());
  }

  /**
   * The same servers, of which nothing is known yet.
   *
   * @param states takes what will be known of each, one for all groups
   */
  Group startedAnew(Map<Server, ServerState> states, long now) {
    List<ServerState> fresh =
        servers.stream().map(each -> states.computeIfAbsent(each, Group::unknown)).toList();
    return new Group(title, servers, choice.with(fresh, now));
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
