package resolver.cache;

/** What an entry of the cache is good for: a pure decision. */
public enum Freshness {
  /** Within its TTL. */
  FRESH,
  /** Within its TTL, but near enough to the end that a popular one is asked for again. */
  DUE,
  /** Past its TTL, and given out only where nothing better is to be had. */
  STALE,
  /** Of no use. */
  EXPIRED;

  private static final long SECOND = 1_000_000_000L;

  /**
   * Judges an entry.
   *
   * @param age how long ago it came, in nanoseconds
   * @param ttl how long it holds, in seconds
   * @param stale how long past that it may be given out, in nanoseconds
   */
  static Freshness of(long age, int ttl, long stale) {
    long left = ttl * SECOND - age;
    if (left <= 0) {
      return left + stale > 0 ? STALE : EXPIRED;
    }
    // With less than a second to go nothing is won by being early.
    return left <= ttl * SECOND / 10 && left >= SECOND ? DUE : FRESH;
  }

  /** A TTL in nanoseconds. */
  static long nanos(int ttl) {
    return ttl * SECOND;
  }

  /** Whether it is within its TTL. */
  public boolean isFresh() {
    return this == FRESH || this == DUE;
  }
}
