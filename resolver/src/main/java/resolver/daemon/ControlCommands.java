package resolver.daemon;

import java.util.List;
import resolver.control.ControlCommand;
import resolver.control.ExplainCommand;
import resolver.control.FlightsCommand;
import resolver.control.FlushCommand;
import resolver.control.LogLevelCommand;
import resolver.control.LookupCommand;
import resolver.control.StatsCommand;
import resolver.control.TailCommand;
import resolver.control.TopCommand;
import resolver.control.UpstreamsCommand;

/** All that may be said over the control socket. */
final class ControlCommands {
  private ControlCommands() {}

  /** The commands of a daemon. */
  static List<ControlCommand> of(Daemon daemon, Reloader reloader) {
    Parts parts = daemon.parts();
    Core core = parts.core();
    Known known = new Known(parts);
    UpstreamsCommand upstreams =
        new UpstreamsCommand(daemon::upstreamStatus, parts.upstreams(), parts.ticker());
    return List.of(
        new StatusCommand(parts, upstreams, reloader::source),
        new StatsCommand(parts.ledger()),
        new FlightsCommand(known),
        new LookupCommand(core.cache(), core.failures(), parts.ticker()),
        new ExplainCommand(known),
        new FlushCommand(core.flushing(), () -> core.cache().size() + core.failures().size()),
        upstreams,
        new LogLevelCommand(),
        new TailCommand(parts.taps(), parts.ticker()),
        new TopCommand(parts.taps(), sights(daemon, core), parts.ticker()),
        new ReloadCommand(reloader));
  }

  private static TopCommand.Sights sights(Daemon daemon, Core core) {
    return new TopCommand.Sights(
        daemon.ledger(),
        () -> core.group().flights().snapshot(),
        daemon::upstreamStatus,
        () -> core.cache().size());
  }
}
