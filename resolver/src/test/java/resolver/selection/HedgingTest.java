package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a second server is asked early, and how often at most. */
class HedgingTest {
  private static final long MILLI = 1_000_000;

  private final ServerState server = new ServerState("s0");

  @Test
  void nothingIsLateWhereNothingIsKnown() {
    assertThat(Hedging.lookNanos(server)).isZero();
    assertThat(Hedging.isDue(server, Long.MAX_VALUE, 100)).isFalse();
  }

  @Test
  void aServerIsLateBeyondItsPercentile() {
    measure();
    long late = Hedging.lateNanos(server);
    assertThat(late).isBetween(20 * MILLI, 40 * MILLI);
    assertThat(Hedging.isDue(server, late - 1, 1)).isFalse();
    assertThat(Hedging.isDue(server, late, 1)).isTrue();
  }

  @Test
  void aCrowdWaitsNoLongerThanUsual() {
    measure();
    long usual = Hedging.lookNanos(server);
    assertThat(usual).isLessThan(Hedging.lateNanos(server));
    assertThat(Hedging.isDue(server, usual, Hedging.CROWD)).isTrue();
    assertThat(Hedging.isDue(server, usual, Hedging.CROWD - 1)).isFalse();
  }

  @Test
  void nobodyWaitingMeansNoHedge() {
    measure();
    assertThat(Hedging.isDue(server, Long.MAX_VALUE, 0)).isFalse();
  }

  @Test
  void aServerNextDoorIsNotHedgedWithinMoments() {
    for (int i = 0; i < 100; i++) {
      server.responded(100_000, Site.START + i);
    }
    assertThat(Hedging.lookNanos(server)).isEqualTo(Hedging.LEAST_NANOS);
  }

  @Test
  void oneQuestionInTwentyMayBeHedged() {
    HedgeBudget budget = new HedgeBudget();
    int taken = 0;
    assertThat(budget.take()).as("nothing was saved").isFalse();
    for (int i = 0; i < 10_000; i++) {
      budget.earn();
      taken += budget.take() ? 1 : 0;
    }
    assertThat(taken).isEqualTo(500);
  }

  @Test
  void whatWasSavedInAQuietTimeIsSpentTenAtOnceAtMost() {
    HedgeBudget budget = new HedgeBudget();
    for (int i = 0; i < 10_000; i++) {
      budget.earn();
    }
    int taken = 0;
    while (budget.take()) {
      taken++;
    }
    assertThat(taken).isEqualTo(10);
  }

  private void measure() {
    for (int i = 0; i < 2000; i++) {
      server.responded((10 + i % 20) * MILLI, Site.START + i * MILLI);
    }
  }
}
