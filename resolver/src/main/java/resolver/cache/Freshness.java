package resolver.cache;

import resolver.query.Answer;

/** What an entry of the cache is good for: a pure decision. */
enum Freshness {
  /** Within its TTL. */
  FRESH,
  /** Past its TTL. */
  EXPIRED;

  private static final long SECOND = 1_000_000_000L;

  /**
   * Judges an entry.
   *
   * @param now the ticker's time
   */
  static Freshness of(Answer entry, long now) {
    return now - entry.arrivedAt() < entry.ttl() * SECOND ? FRESH : EXPIRED;
  }
}
