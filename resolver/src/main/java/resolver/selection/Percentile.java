package resolver.selection;

/**
 * The time within which 95 of 100 answers come, estimated without keeping any: each one that takes
 * longer raises it by 19 steps, each other lowers it by one, so it rests where these are as many.
 */
final class Percentile {
  private static final int STEPS_UP = 19;

  /** A step is this part of the smoothed round-trip time. */
  private static final int STEPS_A_ROUND_TRIP = 64;

  private Percentile() {}

  /**
   * Takes in one more round trip; all in nanoseconds.
   *
   * @param before the estimate so far; zero before the first
   * @param smoothed the smoothed round-trip time
   */
  static long with(long before, long sample, long smoothed) {
    if (before == 0) {
      // Nothing is known of how the times spread; to ask a second server in vain is the dearer.
      return 3 * sample;
    }
    long step = Math.max(1, smoothed / STEPS_A_ROUND_TRIP);
    return sample > before ? before + STEPS_UP * step : Math.max(1, before - step);
  }
}
