package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.clock.DeadlineQueue;
import resolver.fixtures.ManualClock;

/** Deadlines of many lengths. */
class DelaysTest {
  private final ManualClock clock = new ManualClock();
  private final Delays delays = new Delays(clock, clock);

  @Test
  void noDeadlineIsSoonerThanAskedNorLaterThanAnEighth() {
    for (long nanos = 1_100_000; nanos < 10_000_000_000L; nanos += 1 + nanos / 37) {
      long set = Delays.nanosOf(Delays.indexOf(nanos));
      assertThat(set).as("%d", nanos).isBetween(nanos, nanos + nanos / 8);
    }
  }

  @Test
  void roundTimesAreKept() {
    for (long exponent = 21; exponent < 34; exponent++) {
      assertThat(Delays.nanosOf(Delays.indexOf(1L << exponent))).isEqualTo(1L << exponent);
    }
  }

  @Test
  void theShortestAndTheLongestAreBounded() {
    assertThat(Delays.nanosOf(Delays.indexOf(0))).isBetween(1_000_000L, 1_200_000L);
    assertThat(Delays.nanosOf(Delays.indexOf(Long.MAX_VALUE))).isGreaterThan(15_000_000_000L);
  }

  @Test
  void deadlinesOfDifferentLengthsAreMetInTheirOrder() {
    List<Integer> met = new ArrayList<>();
    for (int millis : new int[] {400, 5, 90, 1000}) {
      delays
          .of(Duration.ofMillis(millis).toNanos())
          .add(
              new DeadlineQueue.Deadline() {
                @Override
                protected void due() {
                  met.add(millis);
                }
              });
    }
    clock.advance(Duration.ofSeconds(2));
    assertThat(met).isEqualTo(List.of(5, 90, 400, 1000));
  }
}
