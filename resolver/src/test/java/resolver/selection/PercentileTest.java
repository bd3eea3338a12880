package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class PercentileTest {
  private static final long MILLI = 1_000_000;

  @Test
  void fiveOfAHundredAreLater() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    LongSupplier evenly = () -> 10 * MILLI + random.nextInt(20_000_000);
    LongSupplier longTail = () -> (long) (10 * MILLI * (1 - Math.log(1 - random.nextDouble())));
    LongSupplier hitsAndMisses = () -> random.nextInt(10) == 0 ? 80 * MILLI : 8 * MILLI;
    for (LongSupplier source : new LongSupplier[] {evenly, longTail}) {
      assertThat(shareLater(source)).as("seed %d", seed).isBetween(0.02, 0.09);
    }
    // One in ten takes long: these few are what the time is about.
    assertThat(shareLater(hitsAndMisses)).as("seed %d", seed).isLessThan(0.11);
  }

  @Test
  void itFollowsAServerThatBecomesSlow() {
    long late = 0;
    for (int i = 0; i < 200; i++) {
      late = Percentile.with(late, 10 * MILLI, 10 * MILLI);
    }
    assertThat(late).isLessThan(12 * MILLI);
    for (int i = 0; i < 50; i++) {
      late = Percentile.with(late, 100 * MILLI, 60 * MILLI);
    }
    assertThat(late).isGreaterThan(90 * MILLI);
  }

  private static double shareLater(LongSupplier source) {
    long packed = RoundTrips.NONE;
    long late = 0;
    boolean[] later = new boolean[20_000];
    for (int i = 0; i < later.length + 1000; i++) {
      long sample = source.getAsLong();
      if (i >= 1000) {
        later[i - 1000] = sample > late;
      }
      packed = RoundTrips.with(packed, sample, false);
      late = Percentile.with(late, sample, RoundTrips.smoothed(packed));
    }
    return Arrays.stream(indexes(later)).average().orElseThrow();
  }

  private static double[] indexes(boolean[] flags) {
    double[] ones = new double[flags.length];
    for (int i = 0; i < flags.length; i++) {
      ones[i] = flags[i] ? 1 : 0;
    }
    return ones;
  }
}
