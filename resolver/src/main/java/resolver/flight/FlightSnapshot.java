package resolver.flight;

import java.util.List;

/**
 * A look at one flight, for people.
 *
 * @param id the number of the flight
 * @param key what it is for
 * @param age since its start, in nanoseconds
 * @param waiters how many wait for it
 * @param forgotten whether it takes no more joins and its result will not be kept
 * @param waitsFor the numbers of the flights that it waits for
 */
public record FlightSnapshot<K>(
    long id, K key, long age, int waiters, boolean forgotten, List<Long> waitsFor) {}
