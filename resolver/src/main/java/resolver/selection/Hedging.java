package resolver.selection;

/**
 * When a second server is asked before the first has failed: as soon as the first is later than 95
 * of 100 of its responses are; or, where many wait for the answer, as soon as it is later than
 * usual. Never where nobody waits, and within a {@link HedgeBudget}.
 */
public final class Hedging {
  /** So many waiters are many. */
  static final int CROWD = 8;

  /** Below, a second query is hardly sooner than the answer to the first. */
  static final long LEAST_NANOS = 5_000_000;

  private Hedging() {}

  /** After how many nanoseconds to look at a first try; zero where nothing is known. */
  public static long lookNanos(ServerState server) {
    if (!server.isMeasured()) {
      return 0;
    }
    // A few that took very long make the usual time longer than 95 of 100 take.
    long usual = server.roundTripNanos() + server.deviationNanos();
    return Math.max(LEAST_NANOS, Math.min(usual, server.lateNanos()));
  }

  /** After how many nanoseconds a first try is late, whoever waits. */
  public static long lateNanos(ServerState server) {
    return Math.max(LEAST_NANOS, server.lateNanos());
  }

  /**
   * Whether a second server is to be asked now.
   *
   * @param waited nanoseconds since the first was asked
   * @param waiters how many wait for the answer
   */
  public static boolean isDue(ServerState server, long waited, int waiters) {
    if (waiters <= 0 || !server.isMeasured()) {
      return false;
    }
    return waited >= (waiters >= CROWD ? lookNanos(server) : lateNanos(server));
  }
}
