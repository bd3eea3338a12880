package resolver.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  UpstreamWatch(
      Forwarder forwarder,
      SystemServers system,
      Predicate<InetSocketAddress> isOurs,
      Edition edition,
      Servers servers,
      UnaryOperator<List<Server>> bootstrap,
      UnaryOperator<List<Server>> upgrade) {
    this.forwarder = forwarder;
    this.system = system;
    this.isOurs = isOurs;
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
    UnaryOperator<List<Server>> bootstrap =
        new Bootstrap(settings.bootstrap(), plain, forwarder, ticker, chores, changed)::resolve;
    UnaryOperator<List<Server>> upgrade =
        settings.upgrade()
            ? new Discovery(forwarder, ticker, chores, changed)::upgrade
            : UnaryOperator.identity();
    UpstreamWatch watch =
        new UpstreamWatch(
            forwarder, system, isOurs, edition, settings.servers(), bootstrap, upgrade);
    made.set(watch);
    return watch;
  }

  /** Takes other servers from the settings; {@link #refresh} must follow. */
  synchronized void follow(Servers next) {
    // Where the settings have changed, there is nothing to doubt.
    missed |= !next.equals(servers);
    servers = next;
  }

  /** What was found last. */
  synchronized SystemServers.Found current() {
    return current;
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
    SystemServers.Found found = servers.isAuto() ? system.find() : configured();
    // Somebody may be writing the file just now: that there are none must be seen twice.
    boolean doubtful = found.servers().isEmpty() && !current.servers().isEmpty() && !missed;
    missed = found.servers().isEmpty();
    if (servers.isAuto() && doubtful) {
      return;
    }
    List<Server> placed = bootstrap.apply(found.servers());
    if (!found.warnings().equals(current.warnings())) {
      found.warnings().forEach(LOG::warn);
    }
    boolean allPrivate = placed.stream().allMatch(UpstreamWatch::isPrivate);
    if (allPrivate != arePrivate) {
      arePrivate = allPrivate;
      edition.next();
    }
    if (placed.isEmpty() || placed.stream().anyMatch(Server::hasAddress)) {
      reachable.countDown();
    }
    List<Server> next = upgrade.apply(placed);
    if (!next.equals(asked)) {
      asked = next;
      forwarder.use(next);
    }
    current = found;
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
        : String.join(", ", names) + " (from " + found.source() + ")";
  }

  /** Whoever is known by name alone is reached through the network at large. */
  private static boolean isPrivate(Server server) {
    return server.hasAddress() && PrivateAddresses.contain(server.address().getAddress());
  }

  private SystemServers.Found configured() {
    List<Server> usable = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Server server : servers.list()) {
      if (server.hasAddress() && isOurs.test(server.address())) {
        warnings.add("upstream " + server + " is this resolver itself: left out");
      } else {
        usable.add(server);
      }
    }
    return new SystemServers.Found(List.copyOf(usable), "the settings", List.copyOf(warnings));
  }
}
