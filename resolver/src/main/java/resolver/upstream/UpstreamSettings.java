package resolver.upstream;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import resolver.selection.AliasRoute;
import resolver.selection.FailOver;
import resolver.selection.Order;
import resolver.selection.Policy;
import resolver.selection.Route;
import resolver.settings.Checks;
import resolver.settings.SettingException;

/**
 * Settings of the road to the upstream servers.
 *
 * @param servers which servers to ask
 * @param routes what differs for some domains and all names below them, each domain once
 * @param policy how one of the servers is chosen
 * @param failOver with which RCODEs the next server is asked
 * @param aliasRoute by which route the target of an alias is asked for
 * @param tryTimeout how long the first try with a server of which nothing is known yet waits for
 *     its answer over UDP, 100 ms to 10 s; further ones wait twice as long each, up to a second
 * @param leastTryTimeout how long a try with a server waits at least, however fast it was, 20 ms to
 *     10 s
 * @param tries how often one lookup is sent at most, 1 to 10, what follows a truncated response
 *     aside
 * @param udpSize the largest UDP response that servers are told to send, in octets, 512 to 4096
 *     (RFC 9715 section 3.1: 1232 avoids fragments)
 * @param tcpIdle how long an unused connection to a server is kept for the next query, 0 s to 5 min
 * @param tlsIdle the same for encrypted connections, where the server does not say it itself
 * @param tlsCa a PEM file with the certificates of those who are trusted to vouch for encrypted
 *     servers; empty for those that Java trusts
 * @param bootstrap where the addresses of servers that are named by host name come from
 * @param upgrade whether plain servers are asked for an encrypted one in their place (RFC 9462)
 * @param cookies whether servers and we know each other by cookies over UDP (RFC 7873)
 * @param mixCase whether names are spelt at random over UDP, which servers have to repeat
 * @param loopProbes whether servers are asked, at the start and in another network, for a name that
 *     shows whether they lead back to us
 */
public record UpstreamSettings(
    Servers servers,
    List<Route> routes,
    Policy policy,
    List<FailOver> failOver,
    AliasRoute aliasRoute,
    Duration tryTimeout,
    Duration leastTryTimeout,
    int tries,
    int udpSize,
    Duration tcpIdle,
    Duration tlsIdle,
    String tlsCa,
    List<BootstrapWord> bootstrap,
    boolean upgrade,
    boolean cookies,
    boolean mixCase,
    boolean loopProbes) {

  /** What holds when nothing is set. */
  public static final UpstreamSettings DEFAULTS =
      new UpstreamSettings(
          Servers.AUTO,
          Duration.ofMillis(400),
          Duration.ofMillis(100),
          5,
          1232,
          Duration.ofSeconds(5));

  /**
   * These, and for the rest what holds when nothing is set.
   *
   * @param tryTimeout how long a first try waits, with a server that is known, too
   */
  public UpstreamSettings(
      Servers servers, Duration tryTimeout, int tries, int udpSize, Duration tcpIdle) {
    this(servers, tryTimeout, tryTimeout, tries, udpSize, tcpIdle);
  }

  private UpstreamSettings(
      Servers servers,
      Duration tryTimeout,
      Duration leastTryTimeout,
      int tries,
      int udpSize,
      Duration tcpIdle) {
    this(
        servers,
        List.of(),
        Policy.SEQUENTIAL,
        List.of(FailOver.SERVFAIL, FailOver.REFUSED, FailOver.NOTIMP),
        AliasRoute.QUESTION,
        tryTimeout,
        leastTryTimeout,
        tries,
        udpSize,
        tcpIdle,
        Duration.ofSeconds(30),
        "",
        List.of(),
        false,
        true,
        false,
        true);
  }

  /** Checks the ranges, and that no domain has two routes. */
  public UpstreamSettings {
    routes = List.copyOf(routes);
    failOver = List.copyOf(failOver);
    bootstrap = List.copyOf(bootstrap);
    if (servers.list().size() > Order.MOST) {
      throw new SettingException(
          "servers", servers.list().size() + " servers", "at most " + Order.MOST);
    }
    checkDomains(routes);
    checkSecrecy("servers", servers.list());
    for (Route route : routes) {
      checkSecrecy("routes", route.servers().stream().map(ServerWords::parse).toList());
    }
    Checks.range("try-timeout", tryTimeout, Duration.ofMillis(100), Duration.ofSeconds(10));
    Checks.range(
        "least-try-timeout", leastTryTimeout, Duration.ofMillis(20), Duration.ofSeconds(10));
    Checks.range("tries", tries, 1, 10);
    Checks.range("udp-size", udpSize, 512, 4096);
    Checks.range("tcp-idle", tcpIdle, Duration.ZERO, Duration.ofMinutes(5));
    Checks.range("tls-idle", tlsIdle, Duration.ZERO, Duration.ofMinutes(5));
  }

  /** Of two servers one is asked in the place of the other: then both are encrypted, or neither. */
  private static void checkSecrecy(String setting, List<Server> list) {
    long encrypted = list.stream().filter(Server::isEncrypted).count();
    if (encrypted > 0 && encrypted < list.size()) {
      throw new SettingException(
          setting,
          "encrypted and plain servers in one list",
          "either kind alone, for what is asked of one may be asked of the other instead");
    }
  }

  private static void checkDomains(List<Route> routes) {
    Set<String> domains = new HashSet<>();
    for (Route route : routes) {
      if (!domains.add(route.domain())) {
        throw new SettingException("routes", "two routes for " + route.title(), "one for a domain");
      }
    }
  }
}
