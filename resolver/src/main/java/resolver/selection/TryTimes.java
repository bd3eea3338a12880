package resolver.selection;

/**
 * What bounds the time that a try waits for its response.
 *
 * @param unknownNanos how long it waits where nothing was measured of its server yet, in
 *     nanoseconds
 * @param leastNanos how long it waits at least where something was: what is as fast as the loopback
 *     network is late by a turn of the scheduler, and the network is not to blame
 */
public record TryTimes(long unknownNanos, long leastNanos) {}
