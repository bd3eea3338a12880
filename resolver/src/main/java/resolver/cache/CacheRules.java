package resolver.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import resolver.query.Question;
import resolver.query.SuffixMap;
import resolver.query.TtlLimits;

/**
 * How answers are kept, by the name asked: the rule of the longest domain, else what holds for all.
 * Immutable, so any thread may call.
 */
public final class CacheRules {
  /** What holds for one domain. */
  record Rule(TtlLimits limits, boolean keeps, long staleNanos, boolean prefetches) {}

  private final Rule general;
  private final SuffixMap<Rule> special;

  /** The rules of the settings. */
  public CacheRules(CacheSettings settings) {
    general =
        new Rule(
            new TtlLimits(
                seconds(settings.minTtl()),
                seconds(settings.maxTtl()),
                seconds(settings.maxNegativeTtl())),
            true,
            settings.staleFor().toNanos(),
            settings.prefetch());
    List<Map.Entry<byte[], Rule>> entries = new ArrayList<>();
    for (CacheRule rule : settings.rules()) {
      entries.add(Map.entry(rule.octets(), of(rule, settings)));
    }
    special = new SuffixMap<>(entries);
  }

  private static Rule of(CacheRule rule, CacheSettings settings) {
    int most = seconds(either(rule.maxTtl(), settings.maxTtl()));
    // A rule that sets one of the two moves the other out of its way.
    int least = seconds(either(rule.minTtl(), settings.minTtl()));
    if (rule.minTtl() == null) {
      least = Math.min(least, most);
    } else if (rule.maxTtl() == null) {
      most = Math.max(least, most);
    }
    int negative = seconds(either(rule.maxNegativeTtl(), settings.maxNegativeTtl()));
    return new Rule(
        new TtlLimits(least, most, negative),
        rule.keep(),
        rule.stale() ? settings.staleFor().toNanos() : 0,
        rule.prefetch() && settings.prefetch());
  }

  /** Between which bounds the TTLs of answers to a question are moved. */
  public TtlLimits limits(Question question) {
    return of(question).limits();
  }

  Rule of(Question question) {
    return Objects.requireNonNullElse(special.longest(question), general);
  }

  private static Duration either(@Nullable Duration special, Duration general) {
    return special == null ? general : special;
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
