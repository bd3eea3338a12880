package resolver.daemon;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.policy.Edition;
import resolver.policy.PrivateAddresses;
import resolver.settings.Addresses;
import resolver.upstream.Forwarder;
import resolver.upstream.Servers;
import resolver.upstream.SystemServers;

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
  private final Predicate<InetSocketAddress> leadsBack;
  private final Edition edition;
  private Servers servers;
  private boolean missed;
  private volatile boolean arePrivate = true;
  private SystemServers.Found current =
      new SystemServers.Found(List.of(), "nothing was looked at yet", List.of());

  private volatile List<InetSocketAddress> all = List.of();

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
      Predicate<InetSocketAddress> leadsBack,
      Edition edition,
      Servers servers) {
    this.forwarder = forwarder;
    this.system = system;
    this.isOurs = isOurs;
    this.hasRoute = hasRoute;
    this.leadsBack = leadsBack;
    this.edition = edition;
    this.servers = servers;
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

  /** The servers that were found, those that are not asked for now among them. */
  List<InetSocketAddress> all() {
    return all;
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
    SystemServers.Found found = sieved(named);
    // Somebody may be writing the file just now: that there are none must be seen twice.
    boolean doubtful = found.servers().isEmpty() && !current.servers().isEmpty() && !missed;
    missed = found.servers().isEmpty();
    if (servers.isAuto() && doubtful) {
      return;
    }
    boolean changed = !found.servers().equals(current.servers());
    if (!found.warnings().equals(current.warnings())) {
      found.warnings().forEach(LOG::warn);
    }
    boolean allPrivate =
        found.servers().stream().allMatch(s -> PrivateAddresses.contain(s.getAddress()));
    if (allPrivate != arePrivate) {
      arePrivate = allPrivate;
      edition.next();
    }
    if (changed) {
      forwarder.use(found.servers());
    }
    current = found;
    all = named.servers().stream().filter(isOurs.negate()).toList();
  }

  /** Looks again, and says in the log what has changed. Must not throw: it is called by a timer. */
  void refreshAndTell() {
    try {
      List<InetSocketAddress> before = current().servers();
      refresh();
      if (!before.equals(current().servers())) {
        LOG.info("upstream servers are now {}", describe());
      }
    } catch (RuntimeException e) {
      LOG.error("looking for upstream servers threw", e);
    }
  }

  /** The servers and where they come from, for people. */
  String describe() {
    SystemServers.Found found = current();
    List<String> names = found.servers().stream().map(Addresses::format).toList();
    return names.isEmpty()
        ? "none: "
            + found.source()
            + "; every question is answered SERVFAIL until there is one (see --upstream)"
        : String.join(", ", names) + " (from " + found.source() + ")" + leftOut(found);
  }

  private static String leftOut(SystemServers.Found found) {
    return found.warnings().isEmpty() ? "" : "; " + String.join("; ", found.warnings());
  }

  private SystemServers.Found configured() {
    return new SystemServers.Found(servers.addresses(), "the settings", List.of());
  }

  private SystemServers.Found sieved(SystemServers.Found named) {
    Sieve sieve = Sieve.of(named.servers(), isOurs, hasRoute, leadsBack);
    List<String> warnings = new ArrayList<>(named.warnings());
    warnings.addAll(sieve.warnings());
    return new SystemServers.Found(sieve.kept(), named.source(), List.copyOf(warnings));
  }
}
