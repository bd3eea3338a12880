package resolver.daemon;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.SystemTicker;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.config.Settings;
import resolver.config.SettingsException;
import resolver.metrics.MetricsSettings;
import resolver.metrics.Subject;
import resolver.net.DefaultRoutes;
import resolver.net.NetworkRoutes;
import resolver.net.Sockets;
import resolver.observe.Ledger;
import resolver.observe.QueryLogs;
import resolver.observe.QueryTaps;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.LocalRules;
import resolver.policy.LocalSettings;
import resolver.policy.LoopProbes;
import resolver.query.AnswerSource;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.selection.ServerStatus;
import resolver.server.CannotListen;
import resolver.server.ClientGate;
import resolver.server.KernelDrops;
import resolver.server.Listeners;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.settings.Words;
import resolver.upstream.Forwarder;
import resolver.upstream.SystemServers;

/**
 * A resolver that serves: both halves on their event loops, from start to stop. One thread at a
 * time may call, and none of the event loops.
 */
public final class Daemon implements AutoCloseable {
  /** The settings that a reload changes while the daemon runs. */
  static final Set<String> LIVE =
      Set.of(
          "server.listen",
          "server.allow",
          "clients.rate",
          "clients.rate-burst",
          "clients.rate-prefix-v4",
          "clients.rate-prefix-v6",
          "clients.cookies",
          "clients.cookie-secret",
          "upstream.servers",
          "upstream.routes",
          "metrics.listen",
          "metrics.hosts",
          "local.hosts",
          "local.records",
          "local.zones",
          "local.single-label",
          "local.special-names",
          "policy.rebinding-protection",
          "policy.rebinding-allow",
          "query-log.to",
          "query-log.format",
          "query-log.sample",
          "query-log.clients",
          "query-log.client-key",
          "query-log.max-size",
          "query-log.max-files");

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration STOP_GRACE = Duration.ofMillis(600);
  private static final Duration LAST_WORDS = Duration.ofMillis(200);
  private static final long HEAP_FOR_THE_REST = 16L << 20;
  private static final int ROUTES_TOLD = 20;
  private static final long LOOK_AROUND_SECONDS = 2;
  private static final long LOOK_FOR_HOSTS_SECONDS = 2;
  private static final long LOOK_FOR_DROPS_SECONDS = 10;

  private final Sockets sockets = Sockets.best();
  private final Ledger ledger = new Ledger();
  private final QueryTaps taps = new QueryTaps(ledger);
  private final Settings settings;
  private final Ticker ticker;
  private final Threads threads;
  private final Forwarder forwarder;
  private final Core core;
  private final ClientGate gate;
  private final LocalRules localRules;
  private final AnswerRules answerRules;
  private final QueryLogs queryLogs;
  private final Listeners listeners;
  private final UpstreamWatch upstreams;
  private final LoopWatch loopWatch;
  private final Patrol patrol;
  private final KernelDrops kernelDrops;
  private final Optional<SnapshotKeeper> snapshot;
  private final ListenPlan where;
  private final MetricsDoor metrics;

  /** Where we listen, or are about to. */
  private volatile List<InetSocketAddress> own;

  private boolean closed;

  private Daemon(Settings settings, Path root) throws StartException {
    this.settings = settings;
    SystemTicker clock = new SystemTicker();
    this.ticker = clock;
    ServerSettings server = settings.server();
    Edition edition = new Edition();
    this.where = ListenPlan.of(System.getenv());
    this.threads = new Threads(sockets, server.threads());
    this.forwarder = Core.forwarder(settings, sockets, threads, ticker, ledger);
    this.core = Core.before(forwarder, settings, threads, ticker, ledger);
    this.gate = new ClientGate(server.allow(), settings.clients(), ticker);
    LoopProbes probes = new LoopProbes();
    this.loopWatch = new LoopWatch(probes, forwarder::probe, ticker);
    this.upstreams =
        UpstreamWatch.of(
            settings.upstream(),
            forwarder,
            new SystemServers(root, this::isOurs),
            this::isOurs,
            NetworkRoutes::leadTo,
            loopWatch::leadsBack,
            edition,
            ticker,
            threads.chores());
    this.localRules =
        new LocalRules(
            settings.local(),
            settings.upstream().routes(),
            root,
            upstreams::arePrivate,
            edition,
            probes);
    core.answerTargetsBy(localRules::answer);
    this.answerRules = new AnswerRules(settings.policy(), edition);
    // Before anybody can ask: the first question would be answered that there are no servers.
    this.own = where.addresses(server.listen());
    upstreams.refresh();
    follow(settings.upstream().routes());
    // Behind the routes, for what those forget at first is no word against what is read.
    this.snapshot = SnapshotKeeper.of(settings.snapshot(), core, ticker, settings.cache().size());
    this.queryLogs = new QueryLogs(taps, ledger, ticker);
    queryLogs.use(settings.queryLog());
    this.listeners = listen(server);
    this.own = listeners.addresses();
    this.kernelDrops = new KernelDrops(Path.of("/proc/net"), listeners::addresses);
    this.patrol =
        new Patrol(
            this::followAddresses,
            upstreams,
            NetworkWatch.ofMachine(
                new DefaultRoutes(root),
                clock::asleepNanos,
                why -> Patrol.moved(why, upstreams, forwarder, core, loopWatch)),
            loopWatch,
            forwarder,
            settings.upstream().loopProbes());
    this.metrics = new MetricsDoor(sockets, this::subject);
    metrics.start(settings.metrics());
    Runnable lookSoon = () -> threads.chore(patrol::look);
    probes.onReturn(lookSoon);
    clock.onWaking(lookSoon);
    threads.chores().scheduleWithFixedDelay(patrol::look, 0, LOOK_AROUND_SECONDS, TimeUnit.SECONDS);
    threads.chores().scheduleWithFixedDelay(forwarder::probe, 1, 1, TimeUnit.SECONDS);
    threads
        .chores()
        .scheduleWithFixedDelay(
            localRules::refresh, LOOK_FOR_HOSTS_SECONDS, LOOK_FOR_HOSTS_SECONDS, TimeUnit.SECONDS);
    threads
        .chores()
        .scheduleWithFixedDelay(
            this::countDrops, LOOK_FOR_DROPS_SECONDS, LOOK_FOR_DROPS_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Starts a daemon.
   *
   * @throws StartException where it cannot listen; nothing is left open then
   */
  public static Daemon start(Settings settings) throws StartException {
    return start(settings, Path.of("/"));
  }

  /**
   * Starts a daemon that looks for the files of the system below another root, for tests.
   *
   * @throws StartException where it cannot listen; nothing is left open then
   */
  public static Daemon start(Settings settings, Path root) throws StartException {
    return new Daemon(settings, root);
  }

  /** The addresses that are listened on, with their real ports. */
  public List<InetSocketAddress> addresses() {
    return listeners.addresses();
  }

  /** Has the answers of an earlier run read, if they are kept, and those of this one kept. */
  void keepSnapshot() {
    snapshot.ifPresent(SnapshotKeeper::start);
  }

  /** Where metrics are told over HTTP. */
  public List<InetSocketAddress> metricsAddresses() {
    return metrics.addresses();
  }

  /** Why the settings of metrics given last are not in force; empty where they are. */
  String metricsTrouble() {
    return metrics.trouble();
  }

  /** The settings of metrics in force. */
  MetricsSettings metricsInForce() {
    return metrics.inForce();
  }

  /** What was counted so far. */
  public Ledger ledger() {
    return ledger;
  }

  /** What is known of the upstream servers, by the domain of their route; "." is the rest. */
  public Map<String, List<ServerStatus>> upstreamStatus() {
    return forwarder.status();
  }

  /** What an operator may look into. */
  Parts parts() {
    return new Parts(
        settings,
        ticker,
        ledger,
        taps,
        core,
        forwarder,
        localRules,
        answerRules,
        this::addresses,
        upstreams::describe);
  }

  /** The shared half, for asking without a socket. */
  public AnswerSource resolving() {
    return core.sources().resolving();
  }

  /** What a person should know at the start, a line each. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    List<String> names = addresses().stream().map(Addresses::format).toList();
    String kind = sockets == Sockets.EPOLL ? "epoll" : "NIO, for want of epoll";
    lines.add("sockets    " + kind + ", event loops: " + threads.count());
    for (int i = 0; i < names.size() && i < 4; i++) {
      boolean last = i == 3 && names.size() > 4;
      String more = last ? " and " + (names.size() - 4) + " more addresses" : "";
      lines.add("listening  " + names.get(i) + " (" + how(i) + ")" + more);
    }
    long asked = settings.server().receiveBuffer();
    if (listeners.receiveQueue() < asked) {
      lines.add(
          "receive    queue of "
              + Words.size(listeners.receiveQueue())
              + " granted, "
              + Words.size(asked)
              + " asked: raise net.core.rmem_max");
    }
    metricsAddresses().stream()
        .limit(4)
        .forEach(each -> lines.add("metrics    http://" + Addresses.format(each) + "/"));
    lines.add("upstream   " + upstreams.describe());
    followed().stream().limit(ROUTES_TOLD).forEach(route -> lines.add("route      " + route));
    lines.add("cache      " + Words.size(settings.cache().size()) + heapDoubt());
    snapshot.ifPresent(keeper -> lines.add("snapshot   " + keeper.describe()));
    lines.addAll(where.notes(settings.server().listen(), threads.count()));
    return lines;
  }

  private String how(int index) {
    return listeners.describe(addresses().get(index));
  }

  /** The heap is chosen before the settings file is read, so the two may not fit. */
  private String heapDoubt() {
    long budget = settings.cache().size();
    long beside = settings.lookup().memory() + HEAP_FOR_THE_REST;
    long heap = Runtime.getRuntime().maxMemory();
    // Of the budget, three parts of seven are room for the collector.
    if (budget / 7 * 4 + beside <= heap) {
      return "";
    }
    return ", which a heap of "
        + (heap >> 20)
        + "MiB cannot hold: start with RESOLVER_JAVA_OPTS=-Xmx"
        + ((budget + beside) >> 20)
        + "m";
  }

  /**
   * Takes what can change in a running daemon from new settings, and looks at the hosts file and
   * for the system's servers again. An address for metrics that cannot be had is logged.
   *
   * @return what differs from the settings at the start and waits for a restart
   * @throws SettingsException where one of the new addresses cannot be had; then nothing is changed
   */
  public List<Settings.Change> reload(Settings next) {
    List<Settings.Change> later = Settings.changesThatNeedRestart(settings, next, LIVE);
    listenOn(next.server().listen());
    gate.allow(next.server().allow());
    gate.limit(next.clients());
    followBeside(next.local(), next.upstream().routes());
    answerRules.use(next.policy());
    queryLogs.use(next.queryLog());
    metrics.reload(next.metrics());
    upstreams.follow(next.upstream().servers());
    patrol.look();
    return later;
  }

  private void followBeside(LocalSettings local, List<Route> next) {
    List<Route> before = followed();
    if (!next.equals(before)) {
      // While the forwarder does not know of a route yet, or no longer, its names stay here.
      List<Route> known = before.stream().filter(next::contains).toList();
      localRules.use(local, known);
      follow(next);
    }
    localRules.use(local, next);
  }

  /** The routes in force but that of the rest. */
  private List<Route> followed() {
    return core.routes().legs().stream().skip(1).map(Routes.Leg::route).toList();
  }

  /** What is known of names that take another route now is forgotten once they take it. */
  private void follow(List<Route> next) {
    Routes routes = core.routes().replacedBy(next);
    forwarder.use(routes, this::isOurs, loopWatch::leadsBack);
    core.use(routes);
  }

  /** Waits until every event loop has run the tasks that it has now, for a while at most. */
  private void awaitTurns(Duration most) {
    CountDownLatch left = new CountDownLatch(threads.count());
    try {
      threads.loops().forEach(loop -> loop.execute(left::countDown));
      if (!left.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("an event loop is too busy to send its last responses");
      }
    } catch (RejectedExecutionException e) {
      // The loops have ended: nothing is left to be sent.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A check that does not block: whether every event loop does its work. */
  BooleanSupplier heartbeat() {
    List<Executor> loops = new ArrayList<>();
    threads.loops().forEach(loops::add);
    return new LoopBeats(loops);
  }

  /** Timers that run even when no event loop does. */
  Timers watchdogTimers() {
    return threads.watchdog();
  }

  /**
   * Stops within a second: takes no more connections, lets what is in flight finish for a while,
   * and answers the rest with SERVFAIL. Writing the snapshot may take a few seconds more.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    metrics.stopping();
    listeners.stopAccepting();
    // What passed sockets have brought meets a group that is open; the rest is the next process's.
    awaitTurns(LAST_WORDS);
    try {
      core.group()
          .close(STOP_GRACE)
          .toCompletableFuture()
          .get(STOP_GRACE.plus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("some lookups did not end in time", e);
    }
    // Responses are written in one turn of a loop, and flushed in the next.
    awaitTurns(LAST_WORDS);
    awaitTurns(LAST_WORDS);
    listeners.close();
    queryLogs.close();
    countDrops();
    snapshot.ifPresent(SnapshotKeeper::close);
    metrics.close();
    threads.close();
    LOG.info("{}", ledger.summary());
  }

  private Subject subject() {
    Version version = Version.current();
    return new Subject(
        version.number(),
        version.commit(),
        Version.java(),
        ledger,
        core.cache(),
        core.failures(),
        core.group().flights(),
        settings.lookup(),
        forwarder::status,
        ticker,
        heartbeat());
  }

  private Listeners listen(ServerSettings server) throws StartException {
    Listeners opening =
        Listeners.create(
            server,
            sockets,
            threads.loops(),
            ticker,
            ledger,
            gate,
            localRules,
            answerRules,
            core.sources(),
            taps);
    try {
      opening.adopt(where.passed());
      opening.use(where.toOpen(server.listen()));
      return opening;
    } catch (CannotListen e) {
      opening.close();
      queryLogs.close();
      threads.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The kernel takes a wildcard address as a destination for the loopback address. */
  private boolean isOurs(InetSocketAddress address) {
    boolean wildcard = address.getAddress().isAnyLocalAddress();
    return own.stream()
        .anyMatch(
            ours ->
                ours.equals(address)
                    || (wildcard
                        && ours.getAddress().isLoopbackAddress()
                        && ours.getPort() == address.getPort()));
  }

  /** The first step of a reload, for it may fail, and then nothing is changed. */
  private void listenOn(List<InetSocketAddress> next) {
    try {
      tellOwn(listeners.use(where.toOpen(next)));
    } catch (CannotListen e) {
      throw SettingsException.ofUse("server.listen", String.valueOf(e.getMessage()));
    }
  }

  private void tellOwn(boolean changed) {
    if (changed) {
      own = listeners.addresses();
      LOG.info("listening on {}", own.stream().map(Addresses::format).toList());
    }
  }

  /** On a wildcard address, addresses that come and go are ours for as long as they are there. */
  private void followAddresses() {
    tellOwn(listeners.follow());
    metrics.follow();
  }

  private synchronized void countDrops() {
    try {
      long more = kernelDrops.more();
      if (more > 0) {
        ledger.kernelDropped(more);
      }
    } catch (RuntimeException e) {
      LOG.error("reading the kernel's drops threw", e);
    }
  }
}
