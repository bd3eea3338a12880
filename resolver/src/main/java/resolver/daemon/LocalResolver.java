package resolver.daemon;

import java.nio.file.Path;
import org.xbill.DNS.Resolver;
import resolver.clock.SystemTicker;
import resolver.clock.Ticker;
import resolver.config.Settings;
import resolver.net.Sockets;
import resolver.policy.LocalRules;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.upstream.Forwarder;
import resolver.upstream.PipelineResolver;
import resolver.upstream.SystemServers;

/** The daemon's pipeline without its listeners, for one process and its own questions. */
public final class LocalResolver implements AutoCloseable {
  private final Threads threads;
  private final UpstreamWatch upstreams;
  private final Resolver resolver;

  private LocalResolver(Settings settings) {
    Sockets sockets = Sockets.best();
    Ticker ticker = new SystemTicker();
    threads = new Threads(sockets, 1);
    Forwarder forwarder = Core.forwarder(settings, sockets, threads, ticker, QueryObserver.NONE);
    Core core =
        new Core(
            settings,
            forwarder,
            forwarder::heardAt,
            ticker,
            threads.watchdog(),
            QueryObserver.NONE);
    upstreams =
        new UpstreamWatch(
            forwarder,
            new SystemServers(Path.of("/"), address -> false),
            address -> false,
            settings.upstream().servers());
    upstreams.refresh();
    resolver =
        new PipelineResolver(
            behindRules(core.sources().resolving()), ticker, threads.loops().next());
  }

  /** The client half answers these before the pipeline is asked, and there is none here. */
  private static AnswerSource behindRules(AnswerSource pipeline) {
    LocalRules rules = new LocalRules();
    return (ask, to) -> {
      Answer byRule = rules.answer(ask.question());
      if (byRule == null) {
        return pipeline.ask(ask, to);
      }
      to.receive(byRule, Delivery.AT_ONCE);
      return Pending.DONE;
    };
  }

  /** Puts the pipeline together with the given settings. */
  public static LocalResolver open(Settings settings) {
    return new LocalResolver(settings);
  }

  /** The pipeline in the shape of dnsjava's resolver. */
  public Resolver asResolver() {
    return resolver;
  }

  /** The upstream servers and where they come from. */
  public String describe() {
    return upstreams.describe();
  }

  @Override
  public void close() {
    threads.close();
  }
}
