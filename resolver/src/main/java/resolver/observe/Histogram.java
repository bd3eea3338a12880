package resolver.observe;

/**
 * How often values of which size were seen, in buckets a quarter of a doubling wide: a value is
 * known to within 25 %, up to four exactly. Immutable.
 */
public final class Histogram {
  /** Buckets, enough for values below 2 to the 32nd; larger ones are counted as the largest. */
  static final int BUCKETS = 4 + 30 * 4;

  private final long[] counts;
  private final long sum;

  /** Takes the counts as its own. */
  Histogram(long[] counts) {
    this(counts, 0);
  }

  /**
   * Takes the counts as its own.
   *
   * @param sum of all values
   */
  Histogram(long[] counts, long sum) {
    this.counts = counts;
    this.sum = sum;
  }

  /** The bucket of a value; negative ones are counted as zero. */
  static int bucketOf(long value) {
    if (value < 4) {
      return (int) Math.max(0, value);
    }
    int doublings = 61 - Long.numberOfLeadingZeros(value);
    int quarter = (int) (value >>> doublings) & 3;
    return Math.min(BUCKETS - 1, 4 + 4 * doublings + quarter);
  }

  /** The largest value of a bucket. */
  static long mostOf(int bucket) {
    if (bucket < 4) {
      return bucket;
    }
    int doublings = (bucket - 4) / 4;
    return ((5L + (bucket & 3)) << doublings) - 1;
  }

  /** How many values were seen. */
  public long count() {
    long count = 0;
    for (long each : counts) {
      count += each;
    }
    return count;
  }

  /** The sum of all values. */
  public long sum() {
    return sum;
  }

  /**
   * How many values were below a power of two: exact, for no bucket lies on both sides of one.
   *
   * @param exponent of two, 0 to 31
   */
  public long below(int exponent) {
    long count = 0;
    for (int bucket = 0; bucket < BUCKETS && mostOf(bucket) < 1L << exponent; bucket++) {
      count += counts[bucket];
    }
    return count;
  }

  /**
   * A value that the given share of all does not exceed, rounded up to the end of its bucket; 0
   * where nothing was seen.
   *
   * @param share above 0, at most 1: 0.5 asks for the median
   */
  public long quantile(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: above 0, at most 1)");
    }
    long wanted = (long) Math.ceil(share * count());
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted) {
        return wanted == 0 ? 0 : mostOf(bucket);
      }
    }
    return mostOf(BUCKETS - 1);
  }
}
