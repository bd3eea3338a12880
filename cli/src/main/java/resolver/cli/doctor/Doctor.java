package resolver.cli.doctor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.config.Loaded;
import resolver.config.Settings;
import resolver.net.NetworkRoutes;
import resolver.server.LocalAddresses;
import resolver.server.PortOwner;
import resolver.upstream.Server;
import resolver.upstream.Servers;
import resolver.upstream.SystemServers;

/**
 * Looks at the machine as the daemon would find it, and tells what stands in its way and how to put
 * it right. Changes nothing, needs no daemon.
 */
public final class Doctor {
  private final Path root;
  private final Prober prober;
  private final Predicate<InetSocketAddress> hasRoute;
  private final Instant now;
  private final @Nullable Instant built;

  Doctor(
      Path root,
      Prober prober,
      Predicate<InetSocketAddress> hasRoute,
      Instant now,
      @Nullable Instant built) {
    this.root = root;
    this.prober = prober;
    this.hasRoute = hasRoute;
    this.now = now;
    this.built = built;
  }

  /**
   * A doctor for this machine.
   *
   * @param root where its files are looked for: {@code /}
   */
  public Doctor(Path root, Prober prober) {
    this(root, prober, NetworkRoutes::leadTo, Instant.now(), ClockCheck.builtAt());
  }

  /** Looks at everything, in the order in which one thing needs the other. */
  public List<Finding> look(Loaded loaded) {
    List<Finding> findings = new ArrayList<>();
    Settings settings = loaded.settings();
    findings.add(Finding.ok("settings", loaded.source()));
    loaded.warnings().forEach(each -> findings.add(Finding.warn("settings", each, "")));

    List<InetSocketAddress> listen = settings.server().listen();
    List<InetSocketAddress> own = LocalAddresses.expand(listen);
    PortCheck ports = new PortCheck(root);
    findings.addAll(ports.look(listen));
    boolean auto = settings.upstream().servers().isAuto();
    findings.addAll(new ResolvConfCheck(root, listen, own::contains, auto).look());
    String daemon = ports.daemon(listen).map(PortOwner.Owner::pid).orElse("self");
    findings.addAll(new LimitsCheck(root).look(settings.server(), daemon));

    LoopCheck loops = new LoopCheck(root, own::contains);
    Servers named = settings.upstream().servers();
    List<Server> servers = named.list();
    if (auto) {
      SystemServers.Found found = loops.ofSystem();
      findings.addAll(loops.look(found));
      servers = found.servers();
    } else {
      findings.addAll(loops.look(servers));
    }
    findings.addAll(new RouteCheck(root, hasRoute).look(servers));
    UpstreamCheck upstream = new UpstreamCheck(prober, settings.upstream().udpSize());
    findings.addAll(
        upstream.look(
            servers.stream()
                .filter(each -> !each.hasAddress() || !own.contains(each.address()))
                .toList()));
    findings.addAll(new ClockCheck(now, built).look(upstream.signed()));
    return findings;
  }
}
