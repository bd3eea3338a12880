package resolver.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.xbill.DNS.Resolver;
import resolver.clock.SystemTicker;
import resolver.clock.Ticker;
import resolver.config.Settings;
import resolver.net.NetworkRoutes;
import resolver.net.Sockets;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.LocalRules;
import resolver.policy.LoopProbes;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.selection.Routes;
import resolver.upstream.Forwarder;
import resolver.upstream.PipelineResolver;
import resolver.upstream.SystemServers;

/** The daemon's pipeline without its listeners, for one process and its own questions. */
public final class LocalResolver implements AutoCloseable {
  /** The one question of a process is asked after servers named by host name have an address. */
  private static final Duration BOOTSTRAP = Duration.ofSeconds(3);

  private final Threads threads;
  private final UpstreamWatch upstreams;
  private final Resolver resolver;

  private LocalResolver(Settings settings) {
    Sockets sockets = Sockets.best();
    Ticker ticker = new SystemTicker();
    threads = new Threads(sockets, 1);
    Forwarder forwarder = Core.forwarder(settings, sockets, threads, ticker, QueryObserver.NONE);
    Core core = Core.before(forwarder, settings, threads, ticker, QueryObserver.NONE);
    Routes routes = Routes.NONE.replacedBy(settings.upstream().routes());
    forwarder.use(routes, address -> false, server -> false);
    core.use(routes);
    Edition edition = new Edition();
    upstreams =
        UpstreamWatch.of(
            settings.upstream(),
            forwarder,
            new SystemServers(Path.of("/"), address -> false),
            address -> false,
            NetworkRoutes::leadTo,
            server -> false,
            edition,
            ticker,
            threads.chores());
    upstreams.refresh();
    upstreams.awaitAddress(BOOTSTRAP);
    resolver =
        new PipelineResolver(
            betweenDoors(core, settings, upstreams, edition), ticker, threads.loops().next());
  }

  /** The client half has the two doors of the policy, and there is none here. */
  private static AnswerSource betweenDoors(
      Core core, Settings settings, UpstreamWatch upstreams, Edition edition) {
    AnswerSource pipeline = core.sources().resolving();
    LocalRules localRules =
        new LocalRules(
            settings.local(),
            settings.upstream().routes(),
            Path.of("/"),
            upstreams::arePrivate,
            edition,
            new LoopProbes());
    core.answerTargetsBy(localRules::answer);
    AnswerRules answerRules = new AnswerRules(settings.policy(), edition);
    return (ask, to) -> {
      int number = edition.number();
      Answer local = localRules.answer(ask.question());
      if (local != null) {
        to.receive(local, Delivery.AT_ONCE);
        return Pending.DONE;
      }
      return pipeline.ask(ask, new Judged(ask.question(), answerRules, number, to));
    };
  }

  /** Passes on what may go out. */
  private record Judged(Question question, AnswerRules rules, int number, Receiver to)
      implements Receiver {
    @Override
    public Executor executor() {
      return to.executor();
    }

    @Override
    public void receive(Answer answer, Delivery how) {
      to.receive(rules.judge(question, answer, number), how);
    }
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
