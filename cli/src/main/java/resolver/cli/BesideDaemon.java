package resolver.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import resolver.config.Settings;
import resolver.daemon.Daemon;
import resolver.daemon.StartException;
import resolver.observe.Ledger;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.stampede.Target;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** A daemon of ours within this process, that forwards to the upstream of the stampede alone. */
final class BesideDaemon implements Target {
  private static final Duration BEYOND_DELAY = Duration.ofMillis(300);
  private static final int SPARE_CONNECTIONS = 100;

  private final Daemon daemon;

  private BesideDaemon(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * Starts one, with the settings that hold when nothing is set, but for what the crowd needs.
   *
   * @param delay how long the upstream takes; a try waits longer
   * @param connections how many TCP clients there will be
   */
  static BesideDaemon start(InetSocketAddress upstream, Duration delay, int connections)
      throws StartException {
    Settings defaults = Settings.DEFAULTS;
    UpstreamSettings base = defaults.upstream();
    Duration atLeast = delay.plus(BEYOND_DELAY);
    UpstreamSettings asking =
        new UpstreamSettings(
            new Servers(List.of(upstream)),
            base.tryTimeout().compareTo(atLeast) < 0 ? atLeast : base.tryTimeout(),
            base.tries(),
            base.udpSize(),
            base.tcpIdle());
    return new BesideDaemon(
        Daemon.start(
            new Settings(
                server(defaults.server(), connections),
                defaults.cache(),
                defaults.lookup(),
                asking,
                defaults.local(), defaults.policy(), defaults.log())));
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
