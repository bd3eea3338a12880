package resolver.cache;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import resolver.settings.DomainNames;
import resolver.settings.Words;

/**
 * How answers about a domain and all names below it are kept, where that differs from the rest.
 *
 * @param domain the domain as in a master file, with its last dot
 * @param keep whether they are kept at all
 * @param minTtl as {@link CacheSettings#minTtl}, or null where that holds
 * @param maxTtl as {@link CacheSettings#maxTtl}, or null where that holds
 * @param maxNegativeTtl as {@link CacheSettings#maxNegativeTtl}, or null where that holds
 * @param stale whether they are given out past their TTL
 * @param prefetch whether they are asked for ahead of time
 */
public record CacheRule(
    String domain,
    boolean keep,
    @Nullable Duration minTtl,
    @Nullable Duration maxTtl,
    @Nullable Duration maxNegativeTtl,
    boolean stale,
    boolean prefetch) {

  private static final String FORM =
      "a domain, then \"off\", or some of min-ttl=1m max-ttl=1h max-negative-ttl=10s stale=off"
          + " prefetch=off";

  /** Checks the ranges. */
  public CacheRule {
    nameOf(domain);
    check(minTtl, "min-ttl", Duration.ZERO, Duration.ofHours(1));
    check(maxTtl, "max-ttl", Duration.ofSeconds(1), Duration.ofDays(7));
    if (minTtl != null && maxTtl != null && minTtl.compareTo(maxTtl) > 0) {
      throw new IllegalArgumentException("min-ttl of at most max-ttl");
    }
    check(maxNegativeTtl, "max-negative-ttl", Duration.ofSeconds(1), Duration.ofHours(3));
  }

  /**
   * Reads a rule: a domain, and behind it {@code off} or what differs.
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static CacheRule parse(String text) {
    List<String> words = Arrays.asList(text.strip().split("\\s+"));
    String domain = nameOf(words.get(0)).toString().toLowerCase(Locale.ROOT);
    List<String> rest = words.subList(1, words.size());
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(FORM);
    }
    if (rest.equals(List.of("off"))) {
      return new CacheRule(domain, false, null, null, null, false, false);
    }
    Duration min = null;
    Duration max = null;
    Duration negative = null;
    boolean stale = true;
    boolean prefetch = true;
    for (String word : rest) {
      int at = word.indexOf('=');
      String value = word.substring(at + 1);
      switch (at < 0 ? "" : word.substring(0, at)) {
        case "min-ttl" -> min = duration(value);
        case "max-ttl" -> max = duration(value);
        case "max-negative-ttl" -> negative = duration(value);
        case "stale" -> stale = onOff(value);
        case "prefetch" -> prefetch = onOff(value);
        default -> throw new IllegalArgumentException(FORM);
      }
    }
    return new CacheRule(domain, true, min, max, negative, stale, prefetch);
  }

  /** The domain as octets, letters small. */
  byte[] octets() {
    return nameOf(domain).toWireCanonical();
  }

  /** The rule as it is read. */
  @Override
  public String toString() {
    StringJoiner words = new StringJoiner(" ").add(domain);
    if (!keep) {
      return words.add("off").toString();
    }
    add(words, "min-ttl", minTtl);
    add(words, "max-ttl", maxTtl);
    add(words, "max-negative-ttl", maxNegativeTtl);
    if (!stale) {
      words.add("stale=off");
    }
    if (!prefetch) {
      words.add("prefetch=off");
    }
    return words.toString();
  }

  private static void add(StringJoiner words, String key, @Nullable Duration value) {
    if (value != null) {
      words.add(key + "=" + Words.duration(value));
    }
  }

  private static Duration duration(String text) {
    return Words.parseDuration(text);
  }

  private static boolean onOff(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("on or off behind the \"=\"");
    };
  }

  private static void check(@Nullable Duration found, String key, Duration least, Duration most) {
    if (found != null && (found.compareTo(least) < 0 || found.compareTo(most) > 0)) {
      throw new IllegalArgumentException(
          key + " of " + Words.duration(least) + " to " + Words.duration(most));
    }
  }

  private static Name nameOf(String text) {
    try {
      return DomainNames.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(FORM, e);
    }
  }
}
