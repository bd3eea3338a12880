package resolver.control;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.observe.QueryLine;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.settings.DomainNames;
import resolver.settings.Network;
import resolver.settings.Words;

/** Which queries somebody wants to see, and how many. Belongs to one thread. */
final class TailFilter {
  private static final int ANY = -1;
  private static final long MOST = 1_000_000_000;

  private byte @Nullable [] name;
  private int type = ANY;
  private @Nullable Outcome outcome;
  private @Nullable Network client;
  private int rcode = ANY;
  private Duration slowerThan = Duration.ZERO;
  private long count = Long.MAX_VALUE;

  private TailFilter() {}

  /**
   * Reads options, each with its value in the next word.
   *
   * @throws ControlException where one is wrong
   */
  static TailFilter parse(List<String> words) {
    TailFilter filter = new TailFilter();
    for (int i = 0; i < words.size(); i += 2) {
      String option = words.get(i);
      if (i + 1 == words.size()) {
        throw new ControlException(option + " (expected: a value behind it)");
      }
      filter.take(option, words.get(i + 1));
    }
    return filter;
  }

  private void take(String option, String value) {
    try {
      switch (option) {
        case "--name" -> name = DomainNames.parse(value).toWireCanonical();
        case "--type" -> type = number(Type.value(value), "a type of records such as AAAA");
        case "--outcome" -> outcome = outcome(value);
        case "--client" -> client = Network.parse(value);
        case "--rcode" -> rcode = number(Rcode.value(value), "an RCODE such as NXDOMAIN");
        case "--slower-than" -> slowerThan = Words.parseDuration(value);
        case "--count" -> count = count(value);
        default ->
            throw new ControlException(
                option
                    + " (expected: one of --name, --type, --outcome, --client, --rcode,"
                    + " --slower-than, --count)");
      }
    } catch (IllegalArgumentException e) {
      throw new ControlException(option + ": \"" + value + "\" (expected: " + e.getMessage() + ")");
    }
  }

  private static int number(int found, String expected) {
    if (found < 0) {
      throw new IllegalArgumentException(expected);
    }
    return found;
  }

  private static Outcome outcome(String value) {
    String wanted = value.toLowerCase(Locale.ROOT);
    return Arrays.stream(Outcome.values())
        .filter(each -> QueryLine.outcome(each).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Arrays.stream(Outcome.values())
                        .map(QueryLine::outcome)
                        .collect(Collectors.joining(", ", "one of ", ""))));
  }

  private static long count(String value) {
    String expected = "a number from 1 to " + MOST;
    try {
      long count = Long.parseLong(value);
      if (count >= 1 && count <= MOST) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
    throw new IllegalArgumentException(expected);
  }

  /** How many are wanted. */
  long count() {
    return count;
  }

  /** Whether a query is wanted. */
  boolean matches(SettledQuery query) {
    Question question = query.question();
    return (name == null || (question != null && question.isAtOrBelow(name)))
        && (type == ANY || (question != null && question.type() == type))
        && (outcome == null || query.outcome() == outcome)
        && (client == null || client.contains(query.client().getAddress()))
        && (rcode == ANY || query.rcode() == rcode)
        && query.nanos() >= slowerThan.toNanos();
  }
}
