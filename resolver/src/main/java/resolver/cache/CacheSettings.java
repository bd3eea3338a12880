package resolver.cache;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import resolver.settings.Checks;
import resolver.settings.SettingException;

/**
 * Settings of the cache.
 *
 * @param size the budget for all answers together, in octets: 1 MiB to 1 TiB
 * @param minTtl no positive answer lives shorter, unless its TTL is zero; 0 s to 1 h
 * @param maxTtl no positive answer lives longer (RFC 8767 section 4 allows a cap), 1 s to 7 d
 * @param maxNegativeTtl no negative answer lives longer (RFC 2308 section 5 suggests 1 h to 3 h), 1
 *     s to 3 h
 * @param failureTtl how long a failure of the upstream servers is given out again, 1 s to 5 min
 *     (RFC 9520 section 3.2)
 * @param maxFailureTtl up to what that doubles while the failure lasts, 1 s to 5 min
 * @param staleFor how long past its TTL an answer is given out where no better is to be had; 0 s,
 *     for never, to 7 d (RFC 8767 section 5 suggests 1 d to 3 d)
 * @param staleAfter how long a client waits before it is given such an answer, 0 s to 10 s (RFC
 *     8767 section 5: 1.8 s); 0 s gives it at once and asks behind the client's back
 * @param staleTtl the TTL that such an answer is given out with, 1 s to 5 min (RFC 8767 section 4:
 *     30 s)
 * @param staleRecheck after a failure, how long such an answer is given out before the servers are
 *     asked again, 1 s to 5 min (RFC 8767 section 5: 30 s at least)
 * @param prefetch whether an answer that is asked for again and again is renewed before it expires
 * @param rules what differs for certain domains
 */
public record CacheSettings(
    long size,
    Duration minTtl,
    Duration maxTtl,
    Duration maxNegativeTtl,
    Duration failureTtl,
    Duration maxFailureTtl,
    Duration staleFor,
    Duration staleAfter,
    Duration staleTtl,
    Duration staleRecheck,
    boolean prefetch,
    List<CacheRule> rules) {

  /** What holds when nothing is set. */
  public static final CacheSettings DEFAULTS =
      new CacheSettings(
          64L << 20,
          Duration.ZERO,
          Duration.ofDays(1),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofDays(1),
          Duration.ofMillis(1800),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          true,
          List.of());

  /** Checks the ranges. */
  public CacheSettings {
    Checks.size("size", size, 1L << 20, 1L << 40);
    Checks.range("min-ttl", minTtl, Duration.ZERO, Duration.ofHours(1));
    Checks.range("max-ttl", maxTtl, Duration.ofSeconds(1), Duration.ofDays(7));
    Checks.range("max-negative-ttl", maxNegativeTtl, Duration.ofSeconds(1), Duration.ofHours(3));
    Checks.range("failure-ttl", failureTtl, Duration.ofSeconds(1), Duration.ofMinutes(5));
    Checks.range("max-failure-ttl", maxFailureTtl, Duration.ofSeconds(1), Duration.ofMinutes(5));
    Checks.range("stale-for", staleFor, Duration.ZERO, Duration.ofDays(7));
    Checks.range("stale-after", staleAfter, Duration.ZERO, Duration.ofSeconds(10));
    Checks.range("stale-ttl", staleTtl, Duration.ofSeconds(1), Duration.ofMinutes(5));
    Checks.range("stale-recheck", staleRecheck, Duration.ofSeconds(1), Duration.ofMinutes(5));
    rules = List.copyOf(rules);
    Set<String> domains = new HashSet<>();
    for (CacheRule rule : rules) {
      if (!domains.add(rule.domain())) {
        throw new SettingException("rules", "two rules for " + rule.domain(), "one for a domain");
      }
    }
  }

  /** The same settings with another budget, in octets. */
  public CacheSettings withSize(long size) {
    return new CacheSettings(
        size,
        minTtl,
        maxTtl,
        maxNegativeTtl,
        failureTtl,
        maxFailureTtl,
        staleFor,
        staleAfter,
        staleTtl,
        staleRecheck,
        prefetch,
        rules);
  }

  /** The same settings with other rules for certain domains. */
  public CacheSettings withRules(List<CacheRule> rules) {
    return new CacheSettings(
        size,
        minTtl,
        maxTtl,
        maxNegativeTtl,
        failureTtl,
        maxFailureTtl,
        staleFor,
        staleAfter,
        staleTtl,
        staleRecheck,
        prefetch,
        rules);
  }
}
