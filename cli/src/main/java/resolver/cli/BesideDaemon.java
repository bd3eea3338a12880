package resolver.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import resolver.config.Settings;
import resolver.daemon.Daemon;
import resolver.daemon.StartException;
import resolver.flight.FlightSettings;
import resolver.observe.Ledger;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.stampede.StampedeSettings;
import resolver.stampede.Target;
import resolver.upstream.Server;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** A daemon of ours within this process, that forwards to the upstream of the stampede alone. */
final class BesideDaemon implements Target {
  private static final Duration BEYOND_DELAY = Duration.ofMillis(300);
  private static final int SPARE_CONNECTIONS = 100;
  private static final int SPARE_WAITERS = 4096;

  /** What a waiter counts as, in octets (see {@link FlightSettings}). */
  private static final long WAITER = 320;

  /** How often the upstream's faults may make the daemon try again, and then wait twice as long. */
  private static final int WAITS_FOR_FAULTS = 3;

  /** The daemon answers its clients so much before their deadline, with room for a slow machine. */
  private static final Duration MARGIN = Duration.ofMillis(400);

  private final Daemon daemon;

  private BesideDaemon(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Starts one, with the settings that hold when nothing is set, but for what the crowd needs.
   *
   * @param delay how long the upstream takes; a try waits longer
   * @param crowd who will ask
   */
  static BesideDaemon start(InetSocketAddress upstream, Duration delay, StampedeSettings crowd)
      throws StartException {
    Settings defaults = Settings.DEFAULTS;
    UpstreamSettings base = defaults.upstream();
    UpstreamSettings asking =
        new UpstreamSettings(
            new Servers(List.of(Server.plain(upstream))),
            tryTimeout(delay),
            base.tries(),
            base.udpSize(),
            base.tcpIdle());
    return new BesideDaemon(
        Daemon.start(
            new Settings(
                server(defaults.server(), crowd.tcpPerRound()),
                defaults.cache(),
                lookup(defaults.lookup(), crowd.clientsPerRound()),
                asking,
                defaults.local(),
                defaults.policy(),
                defaults.log())));
  }

  private static Duration tryTimeout(Duration delay) {
    Duration usual = UpstreamSettings.DEFAULTS.tryTimeout();
    Duration atLeast = delay.plus(BEYOND_DELAY);
    return usual.compareTo(atLeast) < 0 ? atLeast : usual;
  }

  /**
   * The longest delay with which its clients are answered in time although two tries fail: after
   * the first it waits once, after the second twice as long.
   */
  static Duration longestDelayWithFaults() {
    Duration deadline = ServerSettings.DEFAULTS.clientDeadline().minus(MARGIN);
    Duration forDelays = deadline.minus(BEYOND_DELAY.multipliedBy(WAITS_FOR_FAULTS));
    return forDelays.dividedBy(WAITS_FOR_FAULTS + 1);
  }

  private static FlightSettings lookup(FlightSettings base, int waiters) {
    return new FlightSettings(
        base.deadline(),
        base.maxFlights(),
        Math.max(base.memory(), (waiters + SPARE_WAITERS) * WAITER),
        base.maxDetached());
  }

  private static ServerSettings server(ServerSettings base, int connections) {
    return new ServerSettings(
        List.of(Addresses.parse("127.0.0.1", 0)),
        base.allow(),
        base.threads(),
        base.clientDeadline(),
        base.udpSize(),
        base.receiveBuffer(),
        base.waitingPerClient(),
        Math.min(100_000, Math.max(base.tcpConnections(), connections + SPARE_CONNECTIONS)),
        base.tcpConnectionsPerClient(),
        base.tcpIdle(),
        base.tcpPipeline());
  }

  @Override
  public InetSocketAddress address() {
    return daemon.addresses().get(0);
  }

  @Override
  public Ledger ledger() {
    return daemon.ledger();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
