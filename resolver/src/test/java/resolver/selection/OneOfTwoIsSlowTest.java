package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long clients wait, and how often servers are asked, where one of two is slow. */
class OneOfTwoIsSlowTest {
  private static final long MILLI = 1_000_000;
  private static final int QUESTIONS = 20_000;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final HedgeBudget budget = new HedgeBudget();
  private int sends;
  private long fastest99;

  @BeforeEach
  void measureTheFastOne() {
    long[] times = new long[QUESTIONS];
    Arrays.setAll(times, i -> fast());
    fastest99 = percentile99(times);
  }

  @Test
  void theFastestIsAsNearToTheFastOneAsARaceForHalfTheQueries() {
    LongSupplier slow = () -> 200 * MILLI;
    assertThat(run(Policy.FASTEST, slow, this::fast))
        .as("seed %d", seed)
        .isLessThan(fastest99 * 12 / 10);
    assertThat(sends).as("seed %d", seed).isLessThan(QUESTIONS * 106 / 100);
    assertThat(run(Policy.RACE, slow, this::fast))
        .as("seed %d", seed)
        .isLessThan(fastest99 * 12 / 10);
    assertThat(sends).as("seed %d", seed).isGreaterThan(QUESTIONS * 19 / 10);
  }

  @Test
  void aFirstServerThatLosesThreeInAHundredHoldsNobodyUpForLong() {
    LongSupplier losing = () -> random.nextInt(100) < 3 ? 1000 * MILLI : fast();
    assertThat(run(Policy.SEQUENTIAL, losing, this::fast))
        .as("seed %d", seed)
        .isLessThan(3 * fastest99);
    assertThat(sends).as("seed %d", seed).isLessThanOrEqualTo(QUESTIONS * 105 / 100);
  }

  private long fast() {
    return 10 * MILLI + random.nextInt(4_000_000);
  }

  /** Asks ten questions a second; tells within what time 99 of 100 are answered. */
  private long run(Policy policy, LongSupplier... delays) {
    ServerState[] servers = {new ServerState("s0"), new ServerState("s1")};
    ServerGroup group = new ServerGroup(List.of(servers), policy, Site.START);
    long now = Site.START;
    sends = 0;
    long[] times = new long[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++, now += 100 * MILLI) {
      int first = Order.at(group.order(i), 0);
      ServerState asked = servers[first];
      ServerState other = servers[1 - first];
      asked.asked(now);
      sends++;
      budget.earn();
      long delay = delays[first].getAsLong();
      long late = Hedging.lateNanos(asked);
      times[i] = delay;
      if (group.width() > 1) {
        times[i] = Math.min(delay, alsoAsk(other, delays[1 - first], now));
      } else if (delay > late && Hedging.isDue(asked, late, 1) && budget.take()) {
        times[i] = Math.min(delay, late + alsoAsk(other, delays[1 - first], now + late));
      } else if (group.claimProbe(first, now) != ServerGroup.NOBODY) {
        alsoAsk(other, delays[1 - first], now);
      }
      asked.responded(delay, now + delay);
    }
    return percentile99(times);
  }

  private long alsoAsk(ServerState server, LongSupplier delay, long now) {
    sends++;
    server.asked(now);
    long nanos = delay.getAsLong();
    server.responded(nanos, now + nanos);
    return nanos;
  }

  private static long percentile99(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * 99 / 100];
  }
}
