package resolver.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import resolver.clock.Ticker;
import resolver.net.Sockets;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.TtlLimits;

/**
 * Asks the upstream servers: the last source, which passes nothing on.
 *
 * <p>Each ask becomes a {@link Lookup} on one event loop, the asker's own where it has one, so that
 * neither question nor answer changes threads. Any thread may call.
 */
public final class Forwarder implements AnswerSource {
  private final List<UpstreamLoop> loops = new ArrayList<>();
  private final IdentityHashMap<Executor, UpstreamLoop> byExecutor = new IdentityHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final Lookup.Tools tools;
  private final Complaints complaints;
  private volatile List<Server> servers = List.of();

  /**
   * A forwarder that knows no server yet.
   *
   * @param group the event loops to work on
   * @param limits between which bounds the TTLs of answers to a question are moved
   * @param lookupTime how long a lookup may take in all before it is answered with a failure
   * @param offLoop where responses are parsed that would keep an event loop for too long
   */
  public Forwarder(
      Iterable<? extends EventExecutor> group,
      Sockets sockets,
      Ticker ticker,
      UpstreamSettings settings,
      Function<Question, TtlLimits> limits,
      Duration lookupTime,
      Executor offLoop,
      QueryObserver observer) {
    complaints = new Complaints(ticker);
    Shield shield = Shield.onFirstUse(() -> new TlsShield(settings.tlsCa(), offLoop, ticker));
    for (EventExecutor executor : group) {
      UpstreamLoop loop =
          new UpstreamLoop(
              (EventLoop) executor, sockets, ticker, settings, lookupTime, shield, complaints);
      loops.add(loop);
      byExecutor.put(executor, loop);
    }
    tools =
        new Lookup.Tools(
            new QueryRenderer(settings.udpSize()),
            new ReplyReader(limits, ticker),
            ticker,
            offLoop,
            observer,
            new Heard(),
            new Failing(),
            settings.tries());
  }

  /** Asks these servers from now on, the first ones first. */
  public void use(List<Server> list) {
    List<Server> next = list.stream().distinct().toList();
    servers = next;
    complaints.keepOnly(new HashSet<>(next));
    tools.failing().forget();
    tools.heard().startAnew(tools.ticker().nanos());
    for (UpstreamLoop loop : loops) {
      loop.loop().execute(() -> loop.keepOnly(new HashSet<>(next)));
    }
  }

  /**
   * We are in another network: sockets and connections are given up, lookups under way ask once
   * more over fresh ones, and what was unreachable may be reached.
   */
  public void networkChanged() {
    tools.heard().startAnew(tools.ticker().nanos());
    tools.failing().forget();
    loops.forEach(loop -> loop.loop().execute(loop::startAnew));
  }

  /**
   * Asks one server alone, whether it is in use or not, and not for a flight.
   *
   * @param answered is run on an event loop when the server has answered, whatever it says
   */
  public void probe(Server server, Question question, Runnable answered) {
    UpstreamLoop loop = loops.get(0);
    Ask ask = Ask.byClient(question, Long.MAX_VALUE);
    new LoopProbe(loop.loop(), answered).send(tools, loop, server, ask);
  }

  /** The servers that have failed at many exchanges in a row. */
  public List<Server> failing() {
    return tools.failing().many();
  }

  /**
   * When one of the servers was heard last, or others were taken, in the ticker's nanoseconds and
   * to a tenth of a second; {@code Long.MIN_VALUE} while none was.
   */
  public long heardAt() {
    return tools.heard().at();
  }

  /** Which encrypted servers cannot be used at present, and why. */
  public Map<Server, Trouble> troubles() {
    return complaints.current();
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    return ask(servers, ask, to);
  }

  /** Asks other servers than those in use, which belong to this question alone. */
  public Pending ask(List<Server> others, Ask ask, Receiver to) {
    UpstreamLoop own = byExecutor.get(to.executor());
    UpstreamLoop loop =
        own != null ? own : loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    Lookup lookup = new Lookup(tools, loop, others, ask, to);
    if (loop.loop().inEventLoop()) {
      lookup.start();
    } else {
      loop.loop().execute(lookup::start);
    }
    return lookup;
  }
}
