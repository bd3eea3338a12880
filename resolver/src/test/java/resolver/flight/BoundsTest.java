package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.flight.FlightException.Reason.DISPLACED;
import static resolver.flight.Joined.FOLLOWER;
import static resolver.flight.Joined.LEADER;
import static resolver.flight.Joined.TOO_MANY_FLIGHTS;
import static resolver.flight.Joined.TOO_MUCH_MEMORY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What happens at each bound: nobody is dropped in silence, nobody runs beside an open flight. */
class BoundsTest {
  @Test
  void withTooManyWantedFlightsTheNewcomerIsRefusedAndMayStillJoin() {
    Setup setup = new Setup(Setup.settings(2, 256));
    Told a = setup.joined("a");
    setup.joined("b");
    Told refused = new Told();
    assertThat(setup.join("c", refused).joined()).isEqualTo(TOO_MANY_FLIGHTS);
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(FOLLOWER);
    assertThat(setup.loads.count()).isEqualTo(2);
    assertThat(setup.flights.waiters("c")).isZero();

    setup.loads.end(0, "one");
    assertThat(a.value()).isEqualTo("one");
    assertThat(refused.times()).isZero();
    assertThat(setup.join("c", new Told()).joined()).isEqualTo(LEADER);
  }

  @Test
  void theOldestFlightThatNobodyJoinedLatelyGivesWay() {
    Setup setup = new Setup(Setup.settings(2, 256));
    AtomicInteger cancelled = new AtomicInteger();
    Told oldButWanted = setup.joined("a");
    Told old = setup.joined("b");
    setup.loads.run(1).flight().onCancel(cancelled::incrementAndGet);
    setup.pass(Duration.ofMillis(1_001));
    setup.joined("a");

    assertThat(setup.join("c", new Told()).joined()).isEqualTo(LEADER);

    assertThat(old.reason()).isEqualTo(DISPLACED);
    assertThat(cancelled).hasValue(1);
    assertThat(oldButWanted.times()).isZero();
    assertThat(setup.flights.inFlight()).isEqualTo(2);
    assertThat(setup.flights.waiters("b")).isZero();
  }

  @Test
  void overTheMemoryNewcomersAreRefusedAndTheOthersAnswered() {
    long memory = 64 << 10;
    Setup setup = new Setup(Setup.settings(memory));
    List<Told> waiting = new ArrayList<>();
    Told told = new Told();
    while (setup.join("a", told).joined().waits()) {
      waiting.add(told);
      told = new Told();
    }
    assertThat(waiting)
        .hasSize(
            (int) (memory - SingleFlight.FLIGHT_WEIGHT - 1) / (SingleFlight.WAITER_WEIGHT + 2));
    assertThat(setup.flights.weight()).isLessThanOrEqualTo(memory);
    assertThat(setup.join("a", new Told()).joined()).isEqualTo(TOO_MUCH_MEMORY);
    assertThat(setup.join("b", new Told()).joined()).isEqualTo(TOO_MUCH_MEMORY);
    assertThat(setup.loads.count()).as("no run beside the open one").isEqualTo(1);

    setup.loads.end(0, "one");
    assertThat(waiting).allSatisfy(each -> assertThat(each.value()).isEqualTo("one"));
    assertThat(told.times()).isZero();
    assertThat(setup.nothingIsLeft()).isTrue();
    assertThat(setup.join("b", new Told()).joined()).isEqualTo(LEADER);
  }

  @Test
  void whoLeavesGivesItsMemoryBack() {
    Setup setup = new Setup();
    setup.joined("a");
    long alone = setup.flights.weight();
    setup.join("a", new Told()).leave();
    assertThat(setup.flights.weight()).isEqualTo(alone);
  }

  @Test
  void theDefaultMemoryHoldsSomeFortyThousandWaiters() {
    assertThat(FlightSettings.DEFAULTS.memory() / (SingleFlight.WAITER_WEIGHT + 2 * 64))
        .isBetween(35_000L, 45_000L);
  }

  @Test
  void theDefaultMemoryHoldsTheDefaultNumberOfFlights() {
    long flight = SingleFlight.FLIGHT_WEIGHT + SingleFlight.WAITER_WEIGHT + 3 * 80;
    assertThat(flight * FlightSettings.DEFAULTS.maxFlights())
        .isLessThanOrEqualTo(FlightSettings.DEFAULTS.memory());
  }
}
