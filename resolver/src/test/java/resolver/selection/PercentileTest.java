package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

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
    for (int i = 0; i < 400; i++) {
      late = Percentile.with(late, 10 * MILLI);
    }
    assertThat(late).isLessThan(12 * MILLI);
    for (int i = 0; i < 50; i++) {
      late = Percentile.with(late, 100 * MILLI);
    }
    assertThat(late).isGreaterThan(90 * MILLI);
  }

  @Test
  void aFewThatTakeVeryLongDoNotMatter() {
    long late = 0;
    for (int i = 0; i < 3000; i++) {
      late = Percentile.with(late, i % 33 == 0 ? 5000 * MILLI : 10 * MILLI);
    }
    assertThat(late).isLessThan(13 * MILLI);
  }

  private static double shareLater(LongSupplier source) {
    long late = 0;
    int later = 0;
    int samples = 20_000;
    for (int i = 0; i < samples + 1000; i++) {
      long sample = source.getAsLong();
      if (i >= 1000 && sample > late) {
        later++;
      }
      late = Percentile.with(late, sample);
    }
    return (double) later / samples;
  }
}
