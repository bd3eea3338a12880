package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.flight.FlightException.Reason.DEADLINE;
import static resolver.flight.Joined.FOLLOWER;
import static resolver.flight.Joined.LEADER;
import static resolver.flight.Joined.TOO_LATE;
import static resolver.flight.Joined.UNDER_WAY;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;

/** Running, joining, failing and forgetting. */
class SingleFlightTest {
  private final Setup setup = new Setup();
  private final SingleFlight<String, String> flights = setup.flights;
  private final HeldLoads loads = setup.loads;

  @Test
  void thoseWhoJoinWhileItRunsShareOneRun() {
    List<Told> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(setup.joined("a"));
    }
    assertThat(flights.waiters("a")).isEqualTo(100);
    assertThat(loads.count()).isEqualTo(1);

    loads.end(0, "one");

    assertThat(all).allSatisfy(told -> assertThat(told.value()).isSameAs("one"));
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void differentKeysRunApart() {
    Told a = setup.joined("a");
    Told b = setup.joined("b");
    loads.end(1, "for b");
    assertThat(a.times()).isZero();
    assertThat(b.value()).isEqualTo("for b");
  }

  @Test
  void afterTheEndTheNextCallerRunsAnew() {
    setup.joined("a");
    loads.end(0, "one");
    Told later = setup.joined("a");
    assertThat(loads.count()).isEqualTo(2);
    loads.end(1, "two");
    assertThat(later.value()).isEqualTo("two");
  }

  @Test
  void oneCallerAloneLeadsAndSharesNothing() {
    Told alone = setup.joined("a");
    loads.end(0, "one");
    assertThat(alone.outcome().leader()).isTrue();
    assertThat(alone.outcome().shared()).isFalse();
  }

  @Test
  void sharedIsToldToAllAndLeaderToTheFirst() {
    Told first = new Told();
    Told second = new Told();
    assertThat(setup.join("a", first).joined()).isEqualTo(LEADER);
    assertThat(setup.join("a", second).joined()).isEqualTo(FOLLOWER);
    loads.end(0, "one");
    assertThat(first.outcome().leader()).isTrue();
    assertThat(second.outcome().leader()).isFalse();
    assertThat(first.outcome().shared()).isTrue();
    assertThat(second.outcome().shared()).isTrue();
  }

  @Test
  void aFlightWhoseSecondWaiterHasLeftWasShared() {
    Told first = setup.joined("a");
    setup.join("a", new Told()).leave();
    loads.end(0, "one");
    assertThat(first.outcome().shared()).isTrue();
  }

  @Test
  void anOutcomeTellsAgesAndTheFlight() {
    Told first = setup.joined("a");
    setup.pass(Duration.ofMillis(30));
    Told second = setup.joined("a");
    setup.pass(Duration.ofMillis(20));
    loads.end(0, "one");
    assertThat(second.outcome().flightAge()).isEqualTo(50_000_000);
    assertThat(second.outcome().waited()).isEqualTo(20_000_000);
    assertThat(first.outcome().waited()).isEqualTo(50_000_000);
    assertThat(first.outcome().flightId())
        .isEqualTo(second.outcome().flightId())
        .isEqualTo(loads.run(0).flight().id());
  }

  @Test
  void aFailureIsTheSameForAllAndTheNextCallerRunsAnew() {
    Told first = setup.joined("a");
    Told second = setup.joined("a");
    IOException failure = new IOException("unreachable");
    loads.run(0).done().failure(failure);
    assertThat(first.outcome().failure()).isSameAs(failure);
    assertThat(second.outcome().failure()).isSameAs(failure);
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(LEADER);
  }

  @Test
  void aLoaderThatThrowsReachesItsWaiterAndKillsNothing() {
    for (Throwable thrown :
        List.of(new IOException("checked"), new IllegalStateException(), new AssertionError())) {
      Told told = new Told();
      flights.join(
          "a",
          told,
          (key, flight, done) -> {
            throw sneaky(thrown);
          });
      assertThat(told.outcome().failure()).isSameAs(thrown);
    }
    assertThat(setup.tally.threw).hasValue(3);
    assertThat(setup.nothingIsLeft()).isTrue();
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(LEADER);
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullIsADefectOfTheLoader() {
    Told told = setup.joined("a");
    loads.end(0, null);
    assertThat(told.outcome().failure()).isInstanceOf(NullPointerException.class);
    assertThat(setup.tally.threw).hasValue(1);
  }

  @Test
  void aLoaderThatNeverEndsIsEndedByTheWatchdog() {
    Told told = setup.joined("a");
    setup.pass(Duration.ofMillis(5_999));
    assertThat(told.times()).isZero();
    setup.pass(Duration.ofMillis(1));
    assertThat(told.reason()).isEqualTo(DEADLINE);
    assertThat(setup.tally.killed).hasValue(1);
    assertThat(setup.nothingIsLeft()).isTrue();

    Told next = setup.joined("a");
    loads.end(0, "late, and for nobody");
    loads.end(1, "two");
    assertThat(next.value()).isEqualTo("two");
  }

  @Test
  void theWatchdogFailsEachFlightAtItsOwnTimeWithOneTimerForAll() {
    Told a = setup.joined("a");
    setup.pass(Duration.ofSeconds(2));
    Told b = setup.joined("b");
    Told c = setup.joined("c");
    assertThat(setup.clock.pending()).isEqualTo(1);
    setup.pass(Duration.ofSeconds(4));
    assertThat(a.times()).isEqualTo(1);
    assertThat(b.times()).isZero();
    loads.end(1, "in time");
    setup.pass(Duration.ofSeconds(2));
    assertThat(b.value()).isEqualTo("in time");
    assertThat(c.reason()).isEqualTo(DEADLINE);
    assertThat(setup.clock.pending()).isZero();
  }

  @Test
  void theFirstResultCounts() {
    Told told = setup.joined("a");
    loads.end(0, "one");
    loads.end(0, "two");
    loads.run(0).done().failure(new IOException());
    assertThat(told.value()).isEqualTo("one");
    assertThat(setup.tally.ended).hasValue(1);
  }

  @Test
  void aLoaderMayBeDoneBeforeItReturns() {
    Told told = new Told();
    Ticket ticket = flights.join("a", told, (key, flight, done) -> done.value("at once"));
    assertThat(told.value()).isEqualTo("at once");
    assertThat(ticket.leave()).isFalse();
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void whoeverIsToldMayAskAgainAndGetsANewRun() {
    Told again = new Told();
    flights.join(
        "a",
        new Told() {
          @Override
          public void complete(Outcome<String> outcome) {
            setup.join("a", again);
          }
        },
        loads);
    loads.end(0, "one");
    assertThat(loads.count()).isEqualTo(2);
    loads.end(1, "two");
    assertThat(again.value()).isEqualTo("two");
  }

  @Test
  void aWaiterThatThrowsHarmsNobody() {
    Told before = setup.joined("a");
    flights.join(
        "a",
        new Told() {
          @Override
          public void complete(Outcome<String> outcome) {
            throw new IllegalStateException("on purpose, by a test of the flights");
          }
        },
        loads);
    Told after = setup.joined("a");
    loads.end(0, "one");
    assertThat(before.value()).isEqualTo("one");
    assertThat(after.value()).isEqualTo("one");
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void forgettingLetsThreeRunsOverlapAndEachKeepsItsWaiters() {
    Told first = setup.joined("a");
    assertThat(flights.forget("a")).isTrue();
    assertThat(loads.run(0).flight().mayKeep()).isFalse();

    Told second = setup.joined("a");
    assertThat(flights.forget("a")).isTrue();
    Told third = setup.joined("a");
    assertThat(flights.inFlight()).isEqualTo(3);
    assertThat(loads.run(2).flight().mayKeep()).isTrue();

    loads.end(0, "one");
    assertThat(flights.waiters("a")).as("the end of the old leaves the new alone").isEqualTo(1);
    Told fourth = setup.joined("a");
    loads.end(2, "three");
    loads.end(1, "two");

    assertThat(first.value()).isEqualTo("one");
    assertThat(second.value()).isEqualTo("two");
    assertThat(third.value()).isEqualTo("three");
    assertThat(fourth.value()).isEqualTo("three");
    assertThat(flights.forget("a")).isFalse();
    assertThat(setup.tally.forgotten).hasValue(2);
  }

  @Test
  void onlyAnUnsharedFlightIsForgottenWhereThatIsAsked() {
    setup.joined("a");
    assertThat(flights.forgetUnshared("a")).as("alone").isTrue();

    setup.joined("a");
    setup.joined("a");
    assertThat(flights.forgetUnshared("a")).as("shared, the old run still at work").isFalse();
    loads.end(0, "old");
    assertThat(flights.forgetUnshared("a")).as("shared, the old run over").isFalse();

    loads.end(1, "new");
    assertThat(flights.forgetUnshared("a")).as("nothing there").isTrue();
  }

  @Test
  void matchingKeysAreForgottenTogether() {
    setup.joined("a.example");
    setup.joined("b.example");
    setup.joined("other");
    assertThat(flights.forgetIf(key -> key.endsWith(".example"))).isEqualTo(2);
    assertThat(loads.run(0).flight().mayKeep()).isFalse();
    assertThat(loads.run(1).flight().mayKeep()).isFalse();
    assertThat(loads.run(2).flight().mayKeep()).isTrue();
  }

  @Test
  void aForgottenFlightThatNeverEndsIsEndedByTheWatchdog() {
    Told told = setup.joined("a");
    flights.forget("a");
    setup.pass(Duration.ofSeconds(6));
    assertThat(told.reason()).isEqualTo(DEADLINE);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void aFlightWithNoTimeForATryTakesNoMoreJoinsAndNoSecondRunStarts() {
    Told early = setup.joined("a");
    setup.pass(Duration.ofMillis(5_600));
    assertThat(setup.join("a", new Told()).joined()).as("400 ms left").isEqualTo(FOLLOWER);
    setup.pass(Duration.ofMillis(1));
    Told late = new Told();
    assertThat(setup.join("a", late).joined()).isEqualTo(TOO_LATE);
    assertThat(loads.count()).isEqualTo(1);
    loads.end(0, "one");
    assertThat(early.value()).isEqualTo("one");
    assertThat(late.times()).isZero();
  }

  @Test
  void whoOnlyWantsToStartAddsNoWaiter() {
    assertThat(flights.startUnlessUnderWay("a", new Told(), loads).joined()).isEqualTo(LEADER);
    assertThat(flights.startUnlessUnderWay("a", new Told(), loads).joined()).isEqualTo(UNDER_WAY);
    assertThat(flights.waiters("a")).isEqualTo(1);
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(FOLLOWER);
  }

  @Test
  void aSnapshotShowsEveryFlight() {
    setup.joined("a");
    setup.joined("a");
    setup.pass(Duration.ofSeconds(1));
    flights.forget("a");
    setup.joined("a");
    List<FlightSnapshot<String>> all = flights.snapshot();
    assertThat(all).hasSize(2);
    assertThat(all.get(0).age()).isEqualTo(1_000_000_000);
    assertThat(all.get(0).waiters()).isEqualTo(2);
    assertThat(all.get(0).forgotten()).isTrue();
    assertThat(all.get(1).forgotten()).isFalse();
    assertThat(flights.oldestAge()).isEqualTo(1_000_000_000);
  }

  @Test
  void anOutcomeThatIsReadyBeatsTheDeadlineInTheSameTurn() {
    HandExecutor loop = new HandExecutor();
    Told told = new Told(loop);
    Ticket ticket = setup.join("a", told);
    loads.end(0, "one");
    assertThat(loop.waiting()).as("the outcome is queued").isEqualTo(1);
    told.here();
    assertThat(ticket.leave()).isFalse();
    assertThat(told.value()).isEqualTo("one");
    loop.runAll();
    assertThat(told.times()).isEqualTo(1);
    assertThat(setup.tally.left).hasValue(0);
  }

  @Test
  void leavingFromElsewhereWithdrawsAnOutcomeThatIsOnlyQueued() {
    HandExecutor loop = new HandExecutor();
    Told told = new Told(loop);
    Ticket ticket = setup.join("a", told);
    loads.end(0, "one");
    assertThat(ticket.leave()).isTrue();
    loop.runAll();
    assertThat(told.times()).isZero();
    assertThat(setup.tally.left).hasValue(1);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
