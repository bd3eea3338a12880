package resolver.query;

import java.net.InetSocketAddress;

/**
 * Where an answer comes from.
 *
 * @param server the upstream server that gave it
 * @param transport how it came
 * @param roundTripNanos from the last send to the answer, in nanoseconds
 * @param tries how often the question was sent, over all servers and transports
 * @param waiters how many waited for it when it came: so many lookups were merged into one
 */
public record Provenance(
    InetSocketAddress server, Transport transport, long roundTripNanos, int tries, int waiters) {}
