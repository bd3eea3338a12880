package resolver.selection;

/**
 * A smoothed round-trip time and its mean deviation (RFC 6298 section 2), packed into one number so
 * that they are read and written together: microseconds, 32 bits each; zero before the first.
 */
final class RoundTrips {
  static final long NONE = 0;

  /** RFC 6298 section 2.3: alpha is 1/8, beta 1/4. */
  private static final int ALPHA = 3;

  private static final int BETA = 2;

  private static final long MOST_MICROS = 0x7fff_ffffL;

  private RoundTrips() {}

  /**
   * Takes in one more round trip.
   *
   * @param seldom whether it is the first for a while: it weighs half then, or a server that is
   *     measured now and then would be known late
   */
  static long with(long before, long nanos, boolean seldom) {
    long sample = Math.max(1, Math.min(nanos / 1000, MOST_MICROS));
    if (before == NONE) {
      return pack(sample, sample / 2);
    }
    long smoothed = before >>> 32;
    long deviation = before & 0xffff_ffffL;
    int alpha = seldom ? 1 : ALPHA;
    int beta = seldom ? 1 : BETA;
    long error = sample - smoothed;
    return pack(
        Math.max(1, smoothed + (error >> alpha)),
        deviation + ((Math.abs(error) - deviation) >> beta));
  }

  private static long pack(long smoothed, long deviation) {
    return (smoothed << 32) | deviation;
  }

  /** The smoothed round-trip time in nanoseconds. */
  static long smoothed(long packed) {
    return (packed >>> 32) * 1000;
  }

  /** The mean deviation from it in nanoseconds. */
  static long deviation(long packed) {
    return (packed & 0xffff_ffffL) * 1000;
  }
}
