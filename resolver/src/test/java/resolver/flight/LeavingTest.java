package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.flight.Joined.FOLLOWER;
import static resolver.flight.Joined.LEADER;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Waiters that leave, and flights that nobody waits for. */
class LeavingTest {
  private final Setup setup = new Setup();
  private final SingleFlight<String, String> flights = setup.flights;
  private final HeldLoads loads = setup.loads;

  @Test
  void theLeaderLeavesAndItsFollowerIsAnswered() {
    Told leader = new Told();
    Ticket ticket = setup.join("a", leader);
    Told follower = setup.joined("a");
    assertThat(ticket.leave()).isTrue();
    assertThat(flights.waiters("a")).isEqualTo(1);
    loads.end(0, "one");
    assertThat(leader.times()).isZero();
    assertThat(follower.value()).isEqualTo("one");
    assertThat(follower.outcome().leader()).isFalse();
    assertThat(loads.count()).isEqualTo(1);
  }

  @Test
  void aFollowerLeavesAlone() {
    Told leader = setup.joined("a");
    Told middle = new Told();
    Ticket ticket = setup.join("a", middle);
    Told last = setup.joined("a");
    assertThat(ticket.leave()).isTrue();
    assertThat(ticket.leave()).as("once").isFalse();
    loads.end(0, "one");
    assertThat(middle.times()).isZero();
    assertThat(leader.value()).isEqualTo("one");
    assertThat(last.value()).isEqualTo("one");
    assertThat(setup.tally.left).hasValue(1);
    assertThat(setup.tally.delivered).hasValue(2);
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void leavingAfterTheOutcomeChangesNothing() {
    Told told = new Told();
    Ticket ticket = setup.join("a", told);
    loads.end(0, "one");
    assertThat(ticket.leave()).isFalse();
    assertThat(setup.tally.left).hasValue(0);
  }

  @Test
  void aFlightThatAllHaveLeftGoesOnAndMayBeJoinedAgain() {
    setup.join("a", new Told()).leave();
    assertThat(flights.detached()).isEqualTo(1);
    assertThat(loads.run(0).flight().mayKeep()).as("it fills the cache").isTrue();

    Told late = new Told();
    assertThat(setup.join("a", late).joined()).isEqualTo(FOLLOWER);
    assertThat(flights.detached()).isZero();
    loads.end(0, "one");
    assertThat(late.value()).isEqualTo("one");
    assertThat(setup.tally.finishing).hasValue(1);
    assertThat(setup.tally.cancelled).hasValue(0);
  }

  @Test
  void overTheBoundAFlightThatAllHaveLeftIsCancelledAndTheNextJoinRunsAnew() {
    Setup one = new Setup(Setup.settings(100, 1));
    AtomicInteger cancelled = new AtomicInteger();
    one.join("a", new Told()).leave();

    Ticket second = one.join("b", new Told());
    one.loads.run(1).flight().onCancel(cancelled::incrementAndGet);
    second.leave();
    assertThat(cancelled).hasValue(1);
    assertThat(one.loads.run(1).flight().mayKeep()).isFalse();
    assertThat(one.flights.inFlight()).isEqualTo(1);

    Told fresh = new Told();
    assertThat(one.join("b", fresh).joined()).isEqualTo(LEADER);
    one.loads.end(1, "of the doomed run");
    assertThat(fresh.times()).as("no outcome of another's cancelled run").isZero();
    one.loads.end(2, "fresh");
    assertThat(fresh.value()).isEqualTo("fresh");
    one.loads.end(0, "detached");
    assertThat(one.nothingIsLeft()).isTrue();
  }

  @Test
  void withNoneAllowedToGoOnEveryAbandonedFlightIsCancelled() {
    Setup none = new Setup(Setup.settings(100, 0));
    none.join("a", new Told()).leave();
    assertThat(none.nothingIsLeft()).isTrue();
    assertThat(none.tally.cancelled).hasValue(1);
    assertThat(none.tally.ended).hasValue(1);
  }

  @Test
  void aForgottenFlightThatAllHaveLeftIsOfNoUseAndCancelled() {
    Ticket ticket = setup.join("a", new Told());
    flights.forget("a");
    ticket.leave();
    assertThat(setup.tally.cancelled).hasValue(1);
    setup.join("b", new Told()).leave();
    flights.forget("b");
    assertThat(setup.nothingIsLeft()).isTrue();
  }

  @Test
  void askingToBeToldOfCancellationAfterItIsToldAtOnce() {
    Setup none = new Setup(Setup.settings(100, 0));
    AtomicInteger cancelled = new AtomicInteger();
    none.join("a", new Told()).leave();
    none.loads.run(0).flight().onCancel(cancelled::incrementAndGet);
    assertThat(cancelled).hasValue(1);
  }

  @Test
  void aFlightThatItsLoaderEndedIsNotCancelled() {
    AtomicInteger cancelled = new AtomicInteger();
    setup.joined("a");
    loads.run(0).flight().onCancel(cancelled::incrementAndGet);
    loads.end(0, "one");
    loads.run(0).flight().onCancel(cancelled::incrementAndGet);
    assertThat(cancelled).hasValue(0);
  }

  @Test
  void theWatchdogTellsTheLoaderToStop() {
    AtomicInteger cancelled = new AtomicInteger();
    setup.joined("a");
    loads.run(0).flight().onCancel(cancelled::incrementAndGet);
    loads.run(0).flight().onCancel(cancelled::incrementAndGet);
    setup.pass(Duration.ofSeconds(6));
    assertThat(cancelled).hasValue(2);
  }
}
