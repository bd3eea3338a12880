package resolver.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.query.SuffixMap;
import resolver.selection.Route;
import resolver.wire.ExtendedError;

/**
 * What is answered here because a route says so, and which names have a route at all. Immutable;
 * any thread may call.
 */
final class RouteAnswers {
  /**
   * What a route decides about its questions.
   *
   * @param answer null where they go to servers
   */
  record Decision(@Nullable Answer answer) {}

  private final SuffixMap<Decision> decisions;

  RouteAnswers(List<Route> routes) {
    List<Map.Entry<byte[], Decision>> entries = new ArrayList<>();
    for (Route route : routes) {
      entries.add(Map.entry(route.octets(), new Decision(answerOf(route))));
    }
    decisions = new SuffixMap<>(entries);
  }

  /** What the route of a question decides; null where it has none. */
  @Nullable Decision of(Question question) {
    return decisions.longest(question);
  }

  private static @Nullable Answer answerOf(Route route) {
    return switch (route.action()) {
      case FORWARD -> null;
      case REFUSE ->
          Answer.local(
              Rcode.REFUSED,
              Answer.Failure.NONE,
              new ExtendedError(
                  ExtendedError.BLOCKED, route.title() + " is refused (upstream.routes)"));
      case LOCAL_ONLY ->
          Negatives.nxdomain(
              route.octets(),
              Negatives.CHANGING,
              route.title() + " is local alone (upstream.routes)");
    };
  }
}
