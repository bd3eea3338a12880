package resolver.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import resolver.query.Question;
import resolver.selection.Policy;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.selection.ServerState;

/**
 * The groups of servers of all routes in force, that of the rest among them. Immutable but for what
 * is learnt of the servers; any thread may call.
 */
final class Groups {
  private final Routes routes;
  private final List<Group> groups;

  private Groups(Routes routes, List<Group> groups) {
    this.routes = routes;
    this.groups = groups;
  }

  /** No routes and no servers. */
  static Groups none(Policy policy, long now) {
    Group rest = Group.of(".", List.of(), policy, Group::unknown, now);
    return new Groups(Routes.NONE, List.of(rest));
  }

  /**
   * Those of other routes, or of other servers. What is known of a server that is still asked
   * stays, and a group that has the same servers stays as it is.
   *
   * @param serversOf tells the servers of a route
   * @param policy of the routes that have none of their own
   */
  Groups replacedBy(Routes next, Function<Route, List<Server>> serversOf, Policy policy, long now) {
    Map<Server, ServerState> states = states();
    List<Group> made = new ArrayList<>();
    for (Routes.Leg leg : next.legs()) {
      Route route = leg.route();
      Group fresh =
          Group.of(
              route.title(),
              serversOf.apply(route),
              route.policy() == null ? policy : route.policy(),
              server -> states.computeIfAbsent(server, Group::unknown),
              now);
      Group before = groupOf(route);
      made.add(before != null && before.servers().equals(fresh.servers()) ? before : fresh);
    }
    return new Groups(next, List.copyOf(made));
  }

  /** The same, of whose servers nothing is known yet. */
  Groups startedAnew(long now) {
    Map<Server, ServerState> states = new HashMap<>();
    List<Group> fresh = groups.stream().map(group -> group.startedAnew(states, now)).toList();
    return new Groups(routes, fresh);
  }

  private @Nullable Group groupOf(Route route) {
    for (Routes.Leg leg : routes.legs()) {
      if (leg.route().equals(route)) {
        return groups.get(leg.index());
      }
    }
    return null;
  }

  private Map<Server, ServerState> states() {
    Map<Server, ServerState> states = new HashMap<>();
    for (Group group : groups) {
      for (int i = 0; i < group.servers().size(); i++) {
        states.put(group.servers().get(i), group.choice().server(i));
      }
    }
    return states;
  }

  /** Who may be asked a question. */
  Group of(Question question) {
    return groups.get(routes.of(question).index());
  }

  /** All of them, that of the rest first. */
  List<Group> all() {
    return groups;
  }

  /** Every server, once. */
  Set<Server> servers() {
    Set<Server> servers = new LinkedHashSet<>();
    groups.forEach(group -> servers.addAll(group.servers()));
    return servers;
  }
}
