package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.fixtures.HandExecutor;
import resolver.fixtures.ManualClock;

/** A million flights later nothing is left of them. */
class RetentionTest {
  private static final int FLIGHTS = 1_000_000;
  private static final int AT_ONCE = 100;

  private final ManualClock clock = new ManualClock();
  private final SingleFlight<String, String> flights =
      new SingleFlight<>(
          FlightSettings.DEFAULTS, String::length, clock, clock, new FlightListener<>() {});
  private final List<WeakReference<Object>> watched = new ArrayList<>();

  @Test
  void nothingIsLeftOfAMillionFlightsBehindOneThatStaysOpen() {
    flights.join("stays", new Told(), (key, flight, done) -> {});
    long alone = flights.weight();
    runThemAll();

    assertThat(flights.inFlight()).isEqualTo(1);
    assertThat(flights.weight()).isEqualTo(alone);
    assertThat(flights.snapshot()).hasSize(1);
    assertThat(clock.pending()).as("timers").isEqualTo(1);
    assertThat(watched).hasSizeGreaterThan(1_000);
    assertThat(collected()).isTrue();
  }

  @Test
  void aTicketThatIsKeptHoldsNoWaiter() {
    List<Ticket> kept = new ArrayList<>();
    Deque<Completion<String>> runs = new ArrayDeque<>();
    for (int i = 0; i < 100; i++) {
      Told told = new Told(new HandExecutor());
      watched.add(new WeakReference<>(told));
      kept.add(flights.join("a", told, (key, flight, done) -> runs.add(done)));
    }
    kept.subList(0, 50).forEach(Ticket::leave);
    watched.subList(50, 100).clear();
    assertThat(collected()).as("those who left, while the flight goes on").isTrue();
    assertThat(kept).hasSize(100);
    assertThat(runs).hasSize(1);
  }

  private void runThemAll() {
    Deque<Completion<String>> runs = new ArrayDeque<>();
    for (int i = 0; i < FLIGHTS; i++) {
      String key = "key-" + i;
      Told told = new Told();
      Ticket ticket = flights.join(key, told, (k, flight, done) -> runs.add(done));
      if (i % 1_000 == 0) {
        watched.add(new WeakReference<>(key));
        watched.add(new WeakReference<>(told));
        watched.add(new WeakReference<>(ticket));
      }
      if (i % 7 == 0) {
        flights.forget(key);
      }
      if (runs.size() > AT_ONCE) {
        runs.remove().value("done");
      }
      if (i % 1_000 == 0) {
        clock.advance(Duration.ofNanos(1_000));
      }
    }
    runs.forEach(run -> run.value("done"));
  }

  private boolean collected() {
    for (int i = 0; i < 50; i++) {
      System.gc();
      if (watched.stream().allMatch(each -> each.get() == null)) {
        return true;
      }
    }
    return false;
  }
}
