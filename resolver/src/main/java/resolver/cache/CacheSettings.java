package resolver.cache;

import java.time.Duration;
import resolver.settings.Checks;

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
 */
public record CacheSettings(
    long size,
    Duration minTtl,
    Duration maxTtl,
    Duration maxNegativeTtl,
    Duration failureTtl,
    Duration maxFailureTtl) {

  /** What holds when nothing is set. */
  public static final CacheSettings DEFAULTS =
      new CacheSettings(
          64L << 20,
          Duration.ZERO,
          Duration.ofDays(1),
          Duration.ofMinutes(15),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));

  /** Checks the ranges. */
  public CacheSettings {
    Checks.size("size", size, 1L << 20, 1L << 40);
    Checks.range("min-ttl", minTtl, Duration.ZERO, Duration.ofHours(1));
    Checks.range("max-ttl", maxTtl, Duration.ofSeconds(1), Duration.ofDays(7));
    Checks.range("max-negative-ttl", maxNegativeTtl, Duration.ofSeconds(1), Duration.ofHours(3));
    Checks.range("failure-ttl", failureTtl, Duration.ofSeconds(1), Duration.ofMinutes(5));
    Checks.range("max-failure-ttl", maxFailureTtl, Duration.ofSeconds(1), Duration.ofMinutes(5));
  }
}
