package resolver.cli.doctor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import resolver.upstream.Server;
import resolver.upstream.SystemServers;

/** Which servers are asked, and whether questions to them come back here. */
final class LoopCheck {
  private static final String TOPIC = "upstream";
  private static final String NAME_THEM =
      "Name servers in the settings, such as upstream.servers = [\"9.9.9.9\", \"149.112.112.112\"]";

  private final Path root;
  private final Predicate<InetSocketAddress> isOurs;

  /**
   * A check.
   *
   * @param isOurs whether an address is one that we are to listen on
   */
  LoopCheck(Path root, Predicate<InetSocketAddress> isOurs) {
    this.root = root;
    this.isOurs = isOurs;
  }

  /** The servers that the system was told. */
  SystemServers.Found ofSystem() {
    return new SystemServers(root, isOurs).find();
  }

  /** Looks at servers of the settings. */
  List<Finding> look(List<Server> servers) {
    List<Finding> findings = new ArrayList<>();
    for (Server server : servers) {
      if (server.hasAddress() && isOurs.test(server.address())) {
        findings.add(
            Finding.fail(
                TOPIC,
                server + " of upstream.servers is this resolver itself: it would ask itself",
                "Take it out of upstream.servers"));
      }
      if (server.hasAddress() && isStub(server.address())) {
        findings.addAll(lookBehindStub(server.toString()));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(TOPIC, words(servers) + ", of upstream.servers"));
    }
    return findings;
  }

  /** Looks at the servers that the system was told. */
  List<Finding> look(SystemServers.Found found) {
    List<Finding> findings = new ArrayList<>();
    boolean ours = found.warnings().stream().anyMatch(each -> each.contains("resolver itself"));
    if (found.servers().isEmpty()) {
      String why = ours ? "/etc/resolv.conf names this resolver alone" : found.source();
      findings.add(
          Finding.fail(TOPIC, "upstream.servers = \"auto\" finds no server: " + why, NAME_THEM));
      return findings;
    }
    findings.add(Finding.ok(TOPIC, words(found.servers()) + ", of " + found.source()));
    for (String warning : found.warnings()) {
      // That resolv.conf names us is what it should do.
      if (!warning.contains("resolver itself")) {
        findings.add(Finding.warn(TOPIC, warning, "Correct that file, or name servers yourself"));
      }
    }
    for (Server server : found.servers()) {
      if (isStub(server.address())) {
        findings.addAll(lookBehindStub(server.toString()));
      }
    }
    return findings;
  }

  /** systemd-resolved forwards in turn, perhaps to us. */
  private List<Finding> lookBehindStub(String stub) {
    Path file = root.resolve("run/systemd/resolve/resolv.conf");
    boolean asksUs =
        ResolvConf.nameservers(file).stream().anyMatch(word -> ResolvConf.isOneOf(isOurs, word));
    return asksUs
        ? List.of(
            Finding.fail(
                TOPIC,
                stub + " is systemd-resolved, which asks this resolver in turn: a loop",
                NAME_THEM))
        : List.of();
  }

  private static boolean isStub(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return text.equals("127.0.0.53") || text.equals("127.0.0.54");
  }

  private static String words(List<Server> servers) {
    return String.join(", ", servers.stream().map(Server::toString).toList());
  }
}
