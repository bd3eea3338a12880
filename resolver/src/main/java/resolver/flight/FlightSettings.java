package resolver.flight;

import java.time.Duration;
import resolver.settings.Checks;

/**
 * Settings of the lookup group.
 *
 * @param deadline a flight is failed for all who wait this long after its start, 1 s to 60 s
 * @param maxFlights flights under way at once, 1 to 1,000,000
 * @param memory what all flights and waiters may weigh together, in octets by estimate, 64 KiB to 4
 *     GiB; a waiter counts as 320, a flight as 512 and its key
 * @param maxDetached flights under way that nobody waits for any more; further ones are cancelled,
 *     0 to 1,000,000
 */
public record FlightSettings(Duration deadline, int maxFlights, long memory, int maxDetached) {

  /** What holds when nothing is set. */
  public static final FlightSettings DEFAULTS =
      new FlightSettings(Duration.ofSeconds(6), 16_384, 24L << 20, 256);

  /** Checks the ranges. */
  public FlightSettings {
    Checks.range("deadline", deadline, Duration.ofSeconds(1), Duration.ofMinutes(1));
    Checks.range("max-flights", maxFlights, 1, 1_000_000);
    Checks.size("memory", memory, 64L << 10, 4L << 30);
    Checks.range("max-detached", maxDetached, 0, 1_000_000);
  }
}
