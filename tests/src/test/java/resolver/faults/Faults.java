package resolver.faults;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy does to the traffic that goes through it.
 *
 * @param loss the share of datagrams that vanish, each way by itself
 * @param duplicate the share of datagrams from the server that arrive twice
 * @param reorder the share of datagrams from the server that the next one overtakes
 * @param delay by how much later arrives what the server sends, over UDP and TCP
 * @param jitter by how much more or less than that, at most
 * @param replies the shares of queries over UDP that the proxy itself answers, by how
 * @param reach whether the server can be reached at all
 * @param stream what happens to TCP connections
 * @param after to {@link Stream#RESET}: how many octets the server gets through before; to {@link
 *     Stream#SILENT}: how many messages the client does
 */
public record Faults(
    double loss,
    double duplicate,
    double reorder,
    Duration delay,
    Duration jitter,
    Map<Reply, Double> replies,
    Reach reach,
    Stream stream,
    long after) {

  /** What the proxy says in the server's place. */
  public enum Reply {
    FORMERR(1),
    SERVFAIL(2),
    NOTIMP(4),
    REFUSED(5),
    /** No error, but cut (the bit TC). */
    TRUNCATED(0);

    private final int rcode;

    Reply(int rcode) {
      this.rcode = rcode;
    }

    int rcode() {
      return rcode;
    }
  }

  /** Whether anybody is there. */
  public enum Reach {
    OPEN,
    /**
     * Everything vanishes, as behind a cable that is cut. What TCP was told comes through later.
     */
    DEAD,
    /** Nobody listens: the kernel refuses connections, and tells who sends datagrams. */
    CLOSED
  }

  /** What happens to TCP connections. */
  public enum Stream {
    WELL,
    /** They are reset (RST). */
    RESET,
    /** They stay open, and nothing more is heard. */
    SILENT
  }

  /** Everything passes as it came. */
  public static final Faults NONE =
      new Faults(
          0, 0, 0, Duration.ZERO, Duration.ZERO, Map.of(), Reach.OPEN, Stream.WELL, Long.MAX_VALUE);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,4})?)%");

  /** Checks the ranges. */
  public Faults {
    for (double share : new double[] {loss, duplicate, reorder, sum(replies)}) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("share: " + share + " (expected: 0 to 1)");
      }
    }
    if (delay.isNegative() || jitter.isNegative() || jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException(
          "delay: " + delay + ", jitter: " + jitter + " (expected: jitter no longer than delay)");
    }
    if (after < 0) {
      throw new IllegalArgumentException("after: " + after + " (expected: >= 0)");
    }
    replies = Map.copyOf(replies);
  }

  private static double sum(Map<Reply, Double> replies) {
    return replies.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /**
   * Reads words such as {@code loss=30% delay=100ms~20ms servfail=10%}, one space between two.
   *
   * <ul>
   *   <li>{@code none}; {@code loss=}, {@code duplicate=}, {@code reorder=} and a share;
   *   <li>{@code delay=} and a duration, with {@code ~} and another where it varies;
   *   <li>{@code formerr=}, {@code servfail=}, {@code notimp=}, {@code refused=}, {@code
   *       truncated=} and a share;
   *   <li>{@code dead}, {@code closed};
   *   <li>{@code reset}, {@code reset=OCTETS}, {@code half-open}, {@code half-open=MESSAGES}.
   * </ul>
   *
   * @throws IllegalArgumentException with what was wrong, and what was expected
   */
  public static Faults parse(String words) {
    Faults faults = NONE;
    for (String word : words.trim().split("\\s+")) {
      String[] parts = word.split("=", 2);
      faults = faults.with(word, parts[0], parts.length == 1 ? "" : parts[1]);
    }
    return faults;
  }

  private Faults with(String word, String key, String value) {
    if (value.isEmpty()) {
      return switch (word) {
        case "none" -> this;
        case "dead" -> reach(Reach.DEAD);
        case "closed" -> reach(Reach.CLOSED);
        case "reset" -> stream(Stream.RESET, 0);
        case "half-open" -> stream(Stream.SILENT, 0);
        default -> throw wrong(word);
      };
    }
    return switch (key) {
      case "loss" -> loss(share(word, value));
      case "duplicate" -> duplicate(share(word, value));
      case "reorder" -> reorder(share(word, value));
      case "delay" -> delay(word, value);
      case "reset" -> stream(Stream.RESET, number(word, value));
      case "half-open" -> stream(Stream.SILENT, number(word, value));
      case "formerr", "servfail", "notimp", "refused", "truncated" ->
          reply(Reply.valueOf(key.toUpperCase(Locale.ROOT)), share(word, value));
      default -> throw wrong(word);
    };
  }

  private static double share(String word, String value) {
    Matcher matcher = SHARE.matcher(value);
    if (!matcher.matches()) {
      throw wrong(word);
    }
    return Double.parseDouble(matcher.group(1)) / 100;
  }

  private static long number(String word, String value) {
    if (!value.matches("\\d{1,9}")) {
      throw wrong(word);
    }
    return Long.parseLong(value);
  }

  private Faults delay(String word, String value) {
    String[] both = value.split("~", 2);
    return delay(duration(word, both[0]), duration(word, both.length == 1 ? "0ms" : both[1]));
  }

  /** A duration such as {@code 300ms}, {@code 3s} or {@code 1m}. */
  static Duration duration(String word, String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw wrong(word);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  private static IllegalArgumentException wrong(String word) {
    return new IllegalArgumentException(
        word
            + " (expected: none, loss=30%, duplicate=5%, reorder=5%, delay=300ms, delay=300ms~50ms,"
            + " formerr=5%, servfail=5%, notimp=5%, refused=5%, truncated=5%, dead, closed, reset,"
            + " reset=100, half-open, half-open=3)");
  }

  /** The same with this loss. */
  public Faults loss(double share) {
    return new Faults(share, duplicate, reorder, delay, jitter, replies, reach, stream, after);
  }

  /** The same with so many datagrams twice. */
  public Faults duplicate(double share) {
    return new Faults(loss, share, reorder, delay, jitter, replies, reach, stream, after);
  }

  /** The same with so many datagrams overtaken. */
  public Faults reorder(double share) {
    return new Faults(loss, duplicate, share, delay, jitter, replies, reach, stream, after);
  }

  /** The same with this delay. */
  public Faults delay(Duration duration, Duration variation) {
    return new Faults(loss, duplicate, reorder, duration, variation, replies, reach, stream, after);
  }

  /** The same with so many queries answered like that. */
  public Faults reply(Reply reply, double share) {
    Map<Reply, Double> more = new EnumMap<>(Reply.class);
    more.putAll(replies);
    more.put(reply, share);
    return new Faults(loss, duplicate, reorder, delay, jitter, more, reach, stream, after);
  }

  /** The same where the server is there, or is not. */
  public Faults reach(Reach next) {
    return new Faults(loss, duplicate, reorder, delay, jitter, replies, next, stream, after);
  }

  /** The same with this done to connections. */
  public Faults stream(Stream next, long number) {
    return new Faults(loss, duplicate, reorder, delay, jitter, replies, reach, next, number);
  }
}
