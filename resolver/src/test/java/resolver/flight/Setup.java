package resolver.flight;

import java.time.Duration;
import resolver.fixtures.ManualClock;

/** What most tests start from: a group of flights, its clock, its tally and a loader that holds. */
final class Setup {
  static final FlightSettings DEFAULTS = FlightSettings.DEFAULTS;

  final ManualClock clock = new ManualClock();
  final Tally<String, String> tally = new Tally<>();
  final HeldLoads loads = new HeldLoads();
  final SingleFlight<String, String> flights;

  Setup() {
    this(DEFAULTS);
  }

  Setup(FlightSettings settings) {
    flights = new SingleFlight<>(settings, String::length, clock, clock, tally);
  }

  static FlightSettings settings(int maxFlights, int maxDetached) {
    return new FlightSettings(DEFAULTS.deadline(), maxFlights, DEFAULTS.memory(), maxDetached);
  }

  static FlightSettings settings(long memory) {
    return new FlightSettings(DEFAULTS.deadline(), DEFAULTS.maxFlights(), memory, 256);
  }

  Ticket join(String key, Waiter<String> waiter) {
    return flights.join(key, waiter, loads);
  }

  /** A waiter told on the spot that has joined. */
  Told joined(String key) {
    Told told = new Told();
    join(key, told);
    return told;
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  boolean nothingIsLeft() {
    return flights.inFlight() == 0
        && flights.weight() == 0
        && flights.detached() == 0
        && flights.snapshot().isEmpty();
  }
}
