package resolver.stampede;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Sums up measurements, where -1 says that there was nothing to measure. */
final class Numbers {
  private Numbers() {}

  /** The middle one, or the lower one of two, of sorted numbers; -1 where there are none. */
  static long median(long[] sorted) {
    return sorted.length == 0 ? -1 : sorted[(sorted.length - 1) / 2];
  }

  /** The median of those that were measured. */
  static long median(LongStream values) {
    return median(values.filter(value -> value >= 0).sorted().toArray());
  }

  /** The largest of those that were measured. */
  static long max(LongStream values) {
    return Arrays.stream(values.toArray()).max().orElse(-1);
  }
}
