package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import resolver.clock.DeadlineQueue;
import resolver.fixtures.ManualClock;

class TcpShareTest {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int PAGE = TcpShare.PAGE;

  private final ManualClock clock = new ManualClock();
  private final TcpBudget budget = new TcpBudget(10 * PAGE);
  private final DeadlineQueue deadlines = new DeadlineQueue(clock, clock, LONGEST.toNanos());
  private int stuck;
  private final TcpShare share = new TcpShare(budget, deadlines, () -> stuck++);

  @Test
  void lessThanAPageIsNotDrawn() {
    share.add(PAGE - 1);
    assertThat(budget.held()).isZero();
    share.add(1);
    assertThat(budget.held()).isEqualTo(PAGE);
    share.add(PAGE - 1);
    assertThat(budget.held()).isEqualTo(PAGE);
    assertThat(share.remove(PAGE - 1)).isFalse();
    assertThat(budget.held()).isEqualTo(PAGE);
    assertThat(share.remove(1)).as("given back").isTrue();
    assertThat(budget.held()).isZero();
    assertThat(share.remove(PAGE - 1)).as("once").isFalse();
    assertThat(budget.held()).isZero();
  }

  @Test
  void whileTheBudgetIsSpentWhoHoldsAShareMayNotAddToIt() {
    budget.add(9 * PAGE);
    assertThat(share.mayGrow()).isTrue();
    share.add(PAGE);
    assertThat(share.mayGrow()).isFalse();
    budget.add(-PAGE);
    assertThat(share.mayGrow()).isTrue();
    budget.add(PAGE);
    share.remove(PAGE);
    assertThat(share.mayGrow()).isTrue();
  }

  @Test
  void whileTheBudgetIsSpentWhoHoldsNoShareMayBeginOne() {
    budget.add(100 * PAGE);
    share.add(PAGE - 1);
    assertThat(share.mayGrow()).isTrue();
    assertThat(share.isOverdrawn()).isFalse();
  }

  @Test
  void theBudgetIsOverdrawnAtHalfAsMuchAgain() {
    share.add(PAGE);
    budget.add(14 * PAGE);
    assertThat(share.isOverdrawn()).isFalse();
    budget.add(1);
    assertThat(share.isOverdrawn()).isTrue();
  }

  @Test
  void whoTakesNothingIsStuck() {
    share.add(PAGE - 1);
    clock.advance(LONGEST);
    assertThat(stuck).as("that is no share").isZero();
    share.add(1);
    clock.advance(LONGEST.minusNanos(1));
    share.add(PAGE);
    assertThat(stuck).isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(stuck).isEqualTo(1);
  }

  @Test
  void whoTakesSomethingHasTimeForTheNext() {
    share.add(PAGE);
    share.add(PAGE);
    clock.advance(LONGEST.minusNanos(1));
    share.remove(PAGE);
    clock.advance(LONGEST);
    assertThat(stuck).isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(stuck).isEqualTo(1);
  }

  @Test
  void whoHasTakenAllIsNotStuck() {
    share.add(PAGE);
    share.remove(PAGE);
    clock.advance(LONGEST);
    assertThat(stuck).isZero();
    assertThat(clock.pending()).isZero();
  }
}
