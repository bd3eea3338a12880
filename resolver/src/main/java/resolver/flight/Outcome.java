package resolver.flight;

import org.jspecify.annotations.Nullable;

/**
 * What a waiter is told at the end of its flight. Value and failure are the same object for all who
 * waited; exactly one of them is there.
 *
 * @param value what the loader gave
 * @param failure what the loader threw or failed with, or a {@link FlightException}
 * @param shared whether at least two ever waited, the leader included
 * @param leader whether the flight was started for this waiter
 * @param flightId the number of the flight, unique in its group; 0 when there was none
 * @param flightAge from the start of the flight to its end, in nanoseconds
 * @param waited from this waiter's joining to its being told, in nanoseconds
 */
public record Outcome<V>(
    @Nullable V value,
    @Nullable Throwable failure,
    boolean shared,
    boolean leader,
    long flightId,
    long flightAge,
    long waited) {}
