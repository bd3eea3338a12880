package resolver.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.net.Sockets;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Receiver;
import resolver.query.ServerNews;
import resolver.query.TtlLimits;
import resolver.selection.FailOver;
import resolver.selection.Policy;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.selection.ServerGroup;
import resolver.selection.ServerState;
import resolver.selection.ServerStatus;
import resolver.selection.TryTimes;

/**
 * Asks the upstream servers: the last source, which passes nothing on. The route of a question
 * decides which servers may be asked; no others ever are.
 *
 * <p>Each ask becomes a {@link Lookup} on one event loop, the asker's own where it has one, so that
 * neither question nor answer changes threads. Any thread may call; what is asked of whom is put in
 * place as a whole, by one thread at a time.
 */
public final class Forwarder implements AnswerSource, ServerNews {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

  /** What every server that resolves knows, and what tells nobody anything: the root's servers. */
  private static final Question ROOT_SERVERS = Question.of(new byte[1], 2, 1, false);

  private final List<UpstreamLoop> loops = new ArrayList<>();
  private final IdentityHashMap<Executor, UpstreamLoop> byExecutor = new IdentityHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final Policy policy;
  private final LookupTools tools;
  private final LookupTools sideTools;

  private final Complaints complaints;

  // Guarded by this.
  private Routes routes = Routes.NONE;
  private Map<Route, List<Server>> listed = Map.of();
  private List<Server> rest = List.of();
  private Predicate<InetSocketAddress> leftOut = address -> false;
  private Predicate<Server> leadsBack = server -> false;
  private List<String> toldOf = List.of();

  private volatile Groups groups;

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
    policy = settings.policy();
    tools =
        new LookupTools(
            new QueryRenderer(settings.udpSize()),
            new ReplyReader(limits, ticker),
            ticker,
            offLoop,
            observer,
            new Samples(observer),
            new Failing(),
            settings.tries(),
            new TryTimes(settings.tryTimeout().toNanos(), settings.leastTryTimeout().toNanos()),
            FailOver.bits(settings.failOver()));
    sideTools = tools.beside(new ProbeCounter(observer));
    groups = Groups.none(policy, ticker.nanos());
  }

  /** Asks these servers from now on for all names that have no route of their own. */
  public synchronized void use(List<Server> servers) {
    rest = List.copyOf(servers);
    replace();
  }

  /**
   * We are in another network: sockets and connections are given up, lookups under way ask once
   * more over fresh ones, and nothing is known of the servers any more, so what was unreachable may
   * be reached.
   */
  public synchronized void networkChanged() {
    groups = groups.startedAnew(tools.ticker().nanos());
    tools.failing().forget();
    loops.forEach(loop -> loop.loop().execute(loop::startAnew));
  }

  /**
   * Asks one server alone, whether it is in use or not, and not for a flight.
   *
   * @param answered is run on an event loop when the server has answered, whatever it says
   */
  public void probe(Server server, Question question, Runnable answered) {
    LoopProbe probe = new LoopProbe(loops.get(0).loop(), answered);
    ask(List.of(server), Ask.byClient(question, Long.MAX_VALUE), probe);
  }

  /** The servers that have failed at many exchanges in a row. */
  public List<Server> failing() {
    return tools.failing().many();
  }

  /**
   * Follows these routes from now on.
   *
   * @param unfit servers of routes that are not asked, since they are this resolver itself
   * @param loops servers that lead back to us, which are asked only where a route has no other
   */
  public synchronized void use(
      Routes next, Predicate<InetSocketAddress> unfit, Predicate<Server> loops) {
    routes = next;
    listed =
        next.legs().stream()
            .map(Routes.Leg::route)
            .collect(
                Collectors.toMap(
                    route -> route,
                    route -> route.servers().stream().map(ServerWords::parse).toList()));
    leftOut = unfit;
    leadsBack = loops;
    replace();
  }

  /** Looks again which servers of the routes may be asked, and changes nothing where all may. */
  public synchronized void reviewRoutes() {
    Groups next = groups.replacedBy(routes, this::serversOf, policy, tools.ticker().nanos());
    if (!next.all().equals(groups.all())) {
      adopt(next);
    }
  }

  /** All servers that may be asked, those of routes among them. */
  public List<Server> servers() {
    return List.copyOf(groups.servers());
  }

  private void replace() {
    adopt(groups.replacedBy(routes, this::serversOf, policy, tools.ticker().nanos()));
  }

  private void adopt(Groups next) {
    groups = next;
    tellOfThoseLeftOut();
    Set<Server> servers = next.servers();
    tools.samples().keepOnly(servers.stream().map(Server::toString).toList());
    complaints.keepOnly(servers);
    tools.failing().forget();
    for (UpstreamLoop loop : loops) {
      loop.loop().execute(() -> loop.keepOnly(servers));
    }
  }

  private List<Server> serversOf(Route route) {
    if (route.isRest()) {
      return rest;
    }
    List<Server> others =
        listed.getOrDefault(route, List.of()).stream()
            .filter(server -> !leftOut.test(server.address()))
            .toList();
    List<Server> sound = others.stream().filter(leadsBack.negate()).toList();
    return sound.isEmpty() ? others : sound;
  }

  private void tellOfThoseLeftOut() {
    List<String> ours =
        routes.legs().stream()
            .map(Routes.Leg::route)
            .flatMap(
                route ->
                    listed.getOrDefault(route, List.of()).stream()
                        .filter(server -> leftOut.test(server.address()))
                        .map(server -> server + " of the route " + route.title()))
            .toList();
    if (!ours.equals(toldOf)) {
      toldOf = ours;
      ours.forEach(each -> LOG.warn("upstream {} is this resolver itself: left out", each));
    }
  }

  @Override
  public long heardAt(Question question) {
    return groups.of(question).choice().heardAt();
  }

  /** The servers of a question, in the order in which they would be asked now. */
  public List<ServerStatus> serversOf(Question question) {
    return groups.of(question).choice().statusInOrder();
  }

  @Override
  public long backAt(Question question) {
    return groups.of(question).choice().backAt();
  }

  /** What is known of all servers, by the domain of their route; "." is the rest. */
  public Map<String, List<ServerStatus>> status() {
    Map<String, List<ServerStatus>> all = new LinkedHashMap<>();
    groups.all().forEach(group -> all.put(group.title(), group.choice().status()));
    return all;
  }

  /**
   * Asks servers whether they are back where none of a route responds, though nobody may ask just
   * now: what failed for want of a server is void as soon as one is heard. To be called about every
   * second, by any thread; must not throw.
   */
  public void probe() {
    try {
      groups.all().forEach(this::probe);
    } catch (RejectedExecutionException e) {
      // The loops have ended: nobody asks any more.
    } catch (RuntimeException e) {
      LOG.error("probing upstream servers threw", e);
    }
  }

  private void probe(Group group) {
    long now = tools.ticker().nanos();
    for (int i = group.choice().claimProbeWhileDown(now);
        i != ServerGroup.NOBODY;
        i = group.choice().claimProbeWhileDown(now)) {
      Server server = group.servers().get(i);
      ServerState state = group.choice().server(i);
      UpstreamLoop loop = loops.get(0);
      loop.loop().execute(() -> Probe.send(tools, loop, server, state, ROOT_SERVERS));
    }
  }

  /** Which encrypted servers cannot be used at present, and why. */
  public Map<Server, Trouble> troubles() {
    return complaints.current();
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    return ask(tools, groups.of(ask.question()), ask, to);
  }

  /**
   * Asks other servers than those in use, which belong to this question alone. It is for no flight,
   * and counts as a probe.
   */
  public Pending ask(List<Server> others, Ask ask, Receiver to) {
    return ask(sideTools, Group.forOneQuestion(others, tools.ticker().nanos()), ask, to);
  }

  private Pending ask(LookupTools counted, Group group, Ask ask, Receiver to) {
    UpstreamLoop own = byExecutor.get(to.executor());
    UpstreamLoop loop =
        own != null ? own : loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    Lookup lookup = new Lookup(counted, loop, group, ask, to);
    if (loop.loop().inEventLoop()) {
      lookup.start();
    } else {
      loop.loop().execute(lookup::start);
    }
    return lookup;
  }
}
