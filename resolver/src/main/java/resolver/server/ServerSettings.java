package resolver.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import resolver.settings.Addresses;
import resolver.settings.Checks;
import resolver.settings.Network;

/**
 * Settings of the client half.
 *
 * @param listen the addresses that take queries over UDP and TCP; a wildcard address stands for
 *     every address of the machine. Not empty; port 0 takes a free port.
 * @param allow the networks whose clients are answered; others get REFUSED
 * @param threads event loops, 1 to 256; 0 means one for each processor
 * @param clientDeadline how long a client may wait for its answer before SERVFAIL, 100 ms to 60 s
 * @param udpSize the largest UDP response in octets, 512 to 4096 (RFC 9715: 1232 avoids fragments)
 * @param receiveBuffer the receive queue asked of the kernel for each UDP socket, in octets
 * @param waitingPerClient answers that one client address may wait for, 1 to 1,000,000; loopback is
 *     exempt
 * @param tcpConnections open TCP connections in all, 1 to 100,000
 * @param tcpConnectionsPerClient open TCP connections of one client address; loopback is exempt
 * @param tcpIdle how long a connection without a query stays open, 1 s to 1 h (RFC 7766 section
 *     6.2.3)
 * @param tcpPipeline queries of one connection that may wait for their answers, 1 to 10,000; more
 *     are not read until some are answered
 */
public record ServerSettings(
    List<InetSocketAddress> listen,
    List<Network> allow,
    int threads,
    Duration clientDeadline,
    int udpSize,
    long receiveBuffer,
    int waitingPerClient,
    int tcpConnections,
    int tcpConnectionsPerClient,
    Duration tcpIdle,
    int tcpPipeline) {

  /** What holds when nothing is set. */
  public static final ServerSettings DEFAULTS =
      new ServerSettings(
          List.of(Addresses.parse("127.0.0.1", 5300), Addresses.parse("::1", 5300)),
          List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")),
          0,
          Duration.ofMillis(4500),
          1232,
          8L << 20,
          1000,
          1000,
          100,
          Duration.ofSeconds(10),
          100);

  /** Checks the ranges. */
  public ServerSettings {
    listen = List.copyOf(listen);
    allow = List.copyOf(allow);
    Checks.notEmpty("listen", listen);
    Checks.range("threads", threads, 0, 256);
    Checks.range("client-deadline", clientDeadline, Duration.ofMillis(100), Duration.ofMinutes(1));
    Checks.range("udp-size", udpSize, 512, 4096);
    Checks.size("receive-buffer", receiveBuffer, 4096, 1L << 30);
    Checks.range("waiting-per-client", waitingPerClient, 1, 1_000_000);
    Checks.range("tcp-connections", tcpConnections, 1, 100_000);
    Checks.range("tcp-connections-per-client", tcpConnectionsPerClient, 1, 100_000);
    Checks.range("tcp-idle", tcpIdle, Duration.ofSeconds(1), Duration.ofHours(1));
    Checks.range("tcp-pipeline", tcpPipeline, 1, 10_000);
  }

  /** The same settings with other addresses to listen on. */
  public ServerSettings withListen(List<InetSocketAddress> other) {
    return new ServerSettings(
        other,
        allow,
        threads,
        clientDeadline,
        udpSize,
        receiveBuffer,
        waitingPerClient,
        tcpConnections,
        tcpConnectionsPerClient,
        tcpIdle,
        tcpPipeline);
  }
}
