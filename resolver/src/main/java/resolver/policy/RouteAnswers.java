package resolver.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** Of each domain the answer; empty where its questions go to servers. */
  private final SuffixMap<Optional<Answer>> answers;

  RouteAnswers(List<Route> routes) {
    List<Map.Entry<byte[], Optional<Answer>>> entries = new ArrayList<>();
    for (Route route : routes) {
      entries.add(Map.entry(route.octets(), answerOf(route)));
    }
    answers = new SuffixMap<>(entries);
  }

  /** Whether a route decides about a question. */
  boolean has(Question question) {
    return answers.longest(question) != null;
  }

  /** The answer, or null where there is no route, or one to servers. */
  @Nullable Answer answer(Question question) {
    Optional<Answer> answer = answers.longest(question);
    return answer == null ? null : answer.orElse(null);
  }

  private static Optional<Answer> answerOf(Route route) {
    return switch (route.action()) {
      case FORWARD -> Optional.empty();
      case REFUSE ->
          Optional.of(
              Answer.local(
                  Rcode.REFUSED,
                  Answer.Failure.NONE,
                  new ExtendedError(
                      ExtendedError.BLOCKED, route.title() + " is refused (upstream.routes)")));
      case LOCAL_ONLY ->
          Optional.of(
              Negatives.nxdomain(
                  route.octets(),
                  Negatives.CHANGING,
                  route.title() + " is local alone (upstream.routes)"));
    };
  }
}
