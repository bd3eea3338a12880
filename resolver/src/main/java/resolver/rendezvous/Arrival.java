package resolver.rendezvous;

/**
 * How a party came through the barrier.
 *
 * @param round which meeting it was, from 0; no number is used twice by one barrier
 * @param arrivalIndex how many were still awaited when this party came: parties - 1 for the first,
 *     0 for the last
 */
public record Arrival(long round, int arrivalIndex) {}
