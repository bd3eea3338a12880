package resolver.selection;

/**
 * The time within which 95 of 100 answers come, estimated without keeping any: each one that takes
 * longer raises it by 19 steps, each other lowers it by one, so it rests where these are as many. A
 * step is a part of the estimate: how much longer one takes does not matter.
 */
final class Percentile {
  private static final int STEPS_UP = 19;
  private static final int STEP_BITS = 8;
  private static final long FIRST_MOST_NANOS = 100_000_000;

  private Percentile() {}

  /**
   * Takes in one more round trip; all in nanoseconds.
   *
   * @param before the estimate so far; zero before the first
   */
  static long with(long before, long sample) {
    if (before == 0) {
      // One that took very long is no rule; where it is, the way up is short.
      return Math.max(1, Math.min(2 * sample, FIRST_MOST_NANOS));
    }
    long step = Math.max(1, before >> STEP_BITS);
    return sample > before ? before + STEPS_UP * step : Math.max(1, before - step);
  }
}
