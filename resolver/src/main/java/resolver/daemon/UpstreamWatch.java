package resolver.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.policy.Edition;
import resolver.policy.PrivateAddresses;
import resolver.upstream.Bootstrap;
import resolver.upstream.Discovery;
import resolver.upstream.Forwarder;
import resolver.upstream.Server;
import resolver.upstream.Servers;
import resolver.upstream.SystemServers;
import resolver.upstream.UpstreamSettings;

/**
 * Keeps the forwarder's list of servers true: to the settings, or, where these say "auto", to the
 * files of the system as they change. Belongs to one thread at a time.
 */
final class UpstreamWatch {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamWatch.class);

  private final Forwarder forwarder;
  private final SystemServers system;
  private final Predicate<InetSocketAddress> isOurs;
  private final Predicate<InetSocketAddress> hasRoute;
  private final Predicate<Server> leadsBack;
  private final Edition edition;
  private final UnaryOperator<List<Server>> bootstrap;
  private final UnaryOperator<List<Server>> upgrade;
  private final CountDownLatch reachable = new CountDownLatch(1);
  private Servers servers;
  private boolean missed;
  private volatile boolean arePrivate = true;
  private List<Server> asked = List.of();
  private SystemServers.Found current =
      new SystemServers.Found(List.of(), "nothing was looked at yet", List.of());

  private volatile List<Server> all = List.of();
  private volatile List<Runnable> anew = List.of();
  private volatile Supplier<List<Server>> standIns = List::of;

  /**
   * A watch that has not looked yet.
   *
   * @param isOurs whether we listen on an address
   * @param hasRoute whether a way leads to an address
   * @param leadsBack whether a server is known to ask us in turn
   */
  UpstreamWatch(
      Forwarder forwarder,
      SystemServers system,
      Predicate<InetSocketAddress> isOurs,
      Predicate<InetSocketAddress> hasRoute,
      Predicate<Server> leadsBack,
      Edition edition,
      Servers servers,
      UnaryOperator<List<Server>> bootstrap,
      UnaryOperator<List<Server>> upgrade) {
    this.forwarder = forwarder;
    this.system = system;
    this.isOurs = isOurs;
    this.hasRoute = hasRoute;
    this.leadsBack = leadsBack;
    this.edition = edition;
    this.servers = servers;
    this.bootstrap = bootstrap;
    this.upgrade = upgrade;
  }

  /**
   * A watch that gives addresses to servers named by host name, and puts encrypted ones in the
   * place of plain ones where the settings say so.
   *
   * @param chores where what comes of that is taken
   */
  static UpstreamWatch of(
      UpstreamSettings settings,
      Forwarder forwarder,
      SystemServers system,
      Predicate<InetSocketAddress> isOurs,
      Predicate<InetSocketAddress> hasRoute,
      Predicate<Server> leadsBack,
      Edition edition,
      Ticker ticker,
      Executor chores) {
    // The two want to be told of, and the watch has them.
    AtomicReference<@Nullable UpstreamWatch> made = new AtomicReference<>();
    Runnable changed =
        () -> {
          UpstreamWatch watch = made.get();
          if (watch != null) {
            watch.refreshAndTell();
          }
        };
    Supplier<List<Server>> plain = () -> system.find().servers();
    Bootstrap bootstrap =
        new Bootstrap(settings.bootstrap(), plain, forwarder, ticker, chores, changed);
    // Unlike one that is listed, whoever stands in for another is never the only one.
    Predicate<Server> isFit =
        server ->
            !isOurs.test(server.address())
                && hasRoute.test(server.address())
                && !leadsBack.test(server);
    Discovery discovery = new Discovery(forwarder, ticker, chores, isFit, changed);
    UpstreamWatch watch =
        new UpstreamWatch(
            forwarder,
            system,
            isOurs,
            hasRoute,
            leadsBack,
            edition,
            settings.servers(),
            bootstrap::resolve,
            settings.upgrade() ? discovery::upgrade : UnaryOperator.identity());
    watch.anew = List.of(bootstrap::startAnew, discovery::startAnew);
    watch.standIns = discovery::standIns;
    made.set(watch);
    return watch;
  }

  /** Takes other servers from the settings; {@link #refresh} must follow. */
  synchronized void follow(Servers next) {
    // Where the settings have changed, there is nothing to doubt.
    missed |= !next.equals(servers);
    servers = next;
  }

  /** We are in another network: {@link #refresh} asks for addresses and stand-ins anew. */
  void startAnew() {
    anew.forEach(Runnable::run);
  }

  /** What was found last. */
  synchronized SystemServers.Found current() {
    return current;
  }

  /** The servers that were found or stand in for others, asked for now or not. */
  List<Server> all() {
    return Stream.concat(all.stream(), standIns.get().stream()).distinct().toList();
  }

  /**
   * Whether no server is a public one; so it is while none is known, when questions for names of
   * the site shall fail rather than have an answer that clients keep. Any thread may ask.
   */
  boolean arePrivate() {
    return arePrivate;
  }

  /** Looks again, and tells the forwarder where something has changed. Blocks on the disk. */
  synchronized void refresh() {
    SystemServers.Found named = servers.isAuto() ? system.find() : configured();
    Sieve byName = sieve(named.servers());
    List<Server> placed = bootstrap.apply(others(named.servers()));
    // What is known by name alone has addresses now, perhaps of both families.
    Sieve byAddress = sieve(placed);
    SystemServers.Found found = found(named, byName, byAddress);
    // Somebody may be writing the file just now: that there are none must be seen twice.
    boolean doubtful = found.servers().isEmpty() && !current.servers().isEmpty() && !missed;
    missed = found.servers().isEmpty();
    if (servers.isAuto() && doubtful) {
      return;
    }
    List<Server> usable = byAddress.kept();
    if (!found.warnings().equals(current.warnings())) {
      found.warnings().forEach(LOG::warn);
    }
    boolean allPrivate = usable.stream().allMatch(UpstreamWatch::isPrivate);
    if (allPrivate != arePrivate) {
      arePrivate = allPrivate;
      edition.next();
    }
    if (usable.isEmpty() || usable.stream().anyMatch(Server::hasAddress)) {
      reachable.countDown();
    }
    List<Server> next = upgrade.apply(usable);
    if (!next.equals(asked)) {
      asked = next;
      forwarder.use(next);
    }
    current = found;
    all = placed;
  }

  /** Looks again, and says in the log what has changed. Must not throw: it is called by a timer. */
  void refreshAndTell() {
    try {
      List<Server> before = current().servers();
      refresh();
      if (!before.equals(current().servers())) {
        LOG.info("upstream servers are now {}", describe());
      }
    } catch (RuntimeException e) {
      LOG.error("looking for upstream servers threw", e);
    }
  }

  /** Waits until the address of some server is known, for a while at most. */
  void awaitAddress(Duration most) {
    try {
      if (!reachable.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("no address of an upstream server is known yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The servers and where they come from, for people. */
  String describe() {
    SystemServers.Found found = current();
    List<String> names = found.servers().stream().map(Server::toString).toList();
    return names.isEmpty()
        ? "none: "
            + found.source()
            + "; every question is answered SERVFAIL until there is one (see --upstream)"
        : String.join(", ", names) + " (from " + found.source() + ")" + leftOut(found);
  }

  private static String leftOut(SystemServers.Found found) {
    return found.warnings().isEmpty() ? "" : "; " + String.join("; ", found.warnings());
  }

  /** Whoever is known by name alone is reached through the network at large. */
  private static boolean isPrivate(Server server) {
    return server.hasAddress() && PrivateAddresses.contain(server.address().getAddress());
  }

  private SystemServers.Found configured() {
    return new SystemServers.Found(servers.list(), "the settings", List.of());
  }

  private Sieve sieve(List<Server> list) {
    return Sieve.of(list, isOurs, hasRoute, leadsBack);
  }

  private List<Server> others(List<Server> list) {
    return list.stream()
        .filter(server -> !server.hasAddress() || !isOurs.test(server.address()))
        .toList();
  }

  private static SystemServers.Found found(
      SystemServers.Found named, Sieve byName, Sieve byAddress) {
    Set<String> warnings = new LinkedHashSet<>(named.warnings());
    warnings.addAll(byName.warnings());
    warnings.addAll(byAddress.warnings());
    return new SystemServers.Found(byName.kept(), named.source(), List.copyOf(warnings));
  }
}
