package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;

/** How outcomes reach thousands of waiters, and executors that are gone. */
class DeliveryTest {
  private final Setup setup = new Setup();
  private final HeldLoads loads = setup.loads;
  private final List<Integer> order = new ArrayList<>();

  /** Writes down its number when it is told. */
  private final class Numbered extends Told {
    private final int number;

    Numbered(int number, HandExecutor executor) {
      super(executor);
      this.number = number;
    }

    @Override
    public void complete(Outcome<String> outcome) {
      super.complete(outcome);
      order.add(number);
    }
  }

  @Test
  void fiveThousandAreToldInTheOrderOfTheirComingInBoundedTurns() {
    HandExecutor loop = new HandExecutor();
    for (int i = 0; i < 5_000; i++) {
      setup.join("a", new Numbered(i, loop));
    }
    loads.end(0, "one");
    assertThat(loop.waiting()).as("one turn asked for").isEqualTo(1);
    int turns = 0;
    while (loop.waiting() > 0) {
      int before = order.size();
      loop.runOne();
      turns++;
      assertThat(order.size() - before).isBetween(1, Line.SLICE);
      assertThat(loop.waiting()).isLessThanOrEqualTo(1);
    }
    assertThat(turns).isEqualTo(5_000 / 64 + 1);
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 5_000).boxed().toList());
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void eachExecutorTellsItsOwnInOrder() {
    HandExecutor even = new HandExecutor();
    HandExecutor odd = new HandExecutor();
    for (int i = 0; i < 10; i++) {
      setup.join("a", new Numbered(i, i % 2 == 0 ? even : odd));
    }
    loads.end(0, "one");
    odd.runAll();
    assertThat(order).containsExactly(1, 3, 5, 7, 9);
    even.runAll();
    assertThat(order).containsExactly(1, 3, 5, 7, 9, 0, 2, 4, 6, 8);
  }

  @Test
  void thoseWhoLeaveWhileTheLineMovesAreSkipped() {
    HandExecutor loop = new HandExecutor();
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      tickets.add(setup.join("a", new Numbered(i, loop)));
    }
    loads.end(0, "one");
    loop.runOne();
    assertThat(tickets.get(100).leave()).isTrue();
    loop.runAll();
    assertThat(order).hasSize(199).doesNotContain(100);
    assertThat(setup.tally.delivered).hasValue(199);
    assertThat(setup.tally.left).hasValue(1);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void anExecutorThatRejectsHarmsNobodyElse() {
    HandExecutor gone = new HandExecutor();
    HandExecutor alive = new HandExecutor();
    Told lost = new Told(gone);
    Told alsoLost = new Told(gone);
    Told told = new Told(alive);
    setup.join("a", lost);
    setup.join("a", told);
    setup.join("a", alsoLost);
    gone.shutDown();
    loads.end(0, "one");
    alive.runAll();
    assertThat(told.value()).isEqualTo("one");
    assertThat(lost.isLost()).isTrue();
    assertThat(alsoLost.isLost()).isTrue();
    assertThat(setup.tally.lost).hasValue(2);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void anExecutorThatGoesDownInTheMiddleFinishesItsTurnAndLosesTheRest() {
    HandExecutor loop = new HandExecutor();
    for (int i = 0; i < 100; i++) {
      setup.join("a", new Numbered(i, loop));
      if (i == 9) {
        setup.flights.join(
            "a",
            new Told(loop) {
              @Override
              public void complete(Outcome<String> outcome) {
                loop.shutDown();
              }
            },
            loads);
      }
    }
    loads.end(0, "one");
    loop.runAll();
    assertThat(order).hasSize(63);
    assertThat(setup.tally.delivered).hasValue(64);
    assertThat(setup.tally.lost).hasValue(37);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void oneAloneThatCannotBeReachedIsCounted() {
    HandExecutor gone = new HandExecutor();
    Told lost = new Told(gone);
    setup.join("a", lost);
    gone.shutDown();
    loads.end(0, "one");
    assertThat(lost.isLost()).isTrue();
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void whoIsOnItsOwnExecutorIsToldOnTheSpotUpToOneTurn() {
    HandExecutor loop = new HandExecutor();
    for (int i = 0; i < 65; i++) {
      Told told = new Numbered(i, loop);
      setup.join("a", told.here());
    }
    loads.end(0, "one");
    assertThat(order).hasSize(64);
    assertThat(loop.waiting()).isEqualTo(1);
    loop.runAll();
    assertThat(order).hasSize(65);
  }

  /** The loader asks on the leader's loop; when that is gone, nothing will ever end the flight. */
  @Test
  void aLeaderWhoseLoopIsGoneHoldsTheKeyUntilTheWatchdogFreesIt() {
    HandExecutor dead = new HandExecutor();
    Told leader = new Told(dead);
    setup.flights.join("a", leader, (key, flight, done) -> dead.execute(() -> done.value("one")));
    dead.shutDown();
    Told follower = setup.joined("a");
    setup.pass(Duration.ofSeconds(6));
    assertThat(follower.reason()).isEqualTo(FlightException.Reason.DEADLINE);
    assertThat(leader.isLost()).isTrue();

    HandExecutor alive = new HandExecutor();
    Told next = new Told(alive);
    setup.flights.join("a", next, (key, flight, done) -> alive.execute(() -> done.value("two")));
    alive.runAll();
    assertThat(next.value()).isEqualTo("two");
    assertThat(setup.nothingIsLeft()).isTrue();
  }
}
