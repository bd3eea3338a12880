package resolver.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import resolver.settings.Addresses;
import resolver.upstream.SystemServers;

/** Whom the programs of this machine ask: /etc/resolv.conf, and /etc/nsswitch.conf above it. */
final class ResolvConfCheck {
  private static final String TOPIC = "resolv.conf";

  /** The C library looks at no more servers, resolv.conf(5). */
  private static final int MOST_SERVERS = 3;

  /** What resolver-use has the machine ask. */
  private static final InetSocketAddress LOOPBACK = Addresses.parse("127.0.0.1", 53);

  private final Path root;
  private final Predicate<InetSocketAddress> isOurs;
  private final List<InetSocketAddress> listen;
  private final boolean auto;

  /**
   * A check.
   *
   * @param listen what is to be listened on
   * @param isOurs whether an address is one of them
   * @param auto whether the upstream servers are those that the system was told
   */
  ResolvConfCheck(
      Path root,
      List<InetSocketAddress> listen,
      Predicate<InetSocketAddress> isOurs,
      boolean auto) {
    this.root = root;
    this.listen = listen;
    this.isOurs = isOurs;
    this.auto = auto;
  }

  /** Looks at both files. */
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    findings.add(lookAtServers());
    findings.addAll(lookAtSwitch());
    return findings;
  }

  private Finding lookAtServers() {
    Path file = root.resolve("etc/resolv.conf");
    List<String> servers = ResolvConf.nameservers(file);
    String name = "/etc/resolv.conf, " + keeper(file) + ",";
    List<String> asked = servers.subList(0, Math.min(MOST_SERVERS, servers.size()));
    if (asked.isEmpty()) {
      return Finding.warn(
          TOPIC, name + " names no server: programs ask 127.0.0.1, port 53", howToName(file));
    }
    if (ResolvConf.isOneOf(isOurs, asked.get(0))) {
      return asked.stream().allMatch(word -> ResolvConf.isOneOf(isOurs, word))
          ? Finding.ok(TOPIC, name + " names this resolver")
          : Finding.warn(
              TOPIC,
              name + " names this resolver, and others, which programs ask when it is late",
              howToName(file));
    }
    return Finding.warn(
        TOPIC,
        name + " names " + String.join(", ", asked) + ", and not this resolver first",
        howToName(file));
  }

  private String howToName(Path file) {
    InetSocketAddress ours =
        listen.stream().filter(each -> each.getPort() == 53).findFirst().orElse(null);
    if (ours == null) {
      return "Where programs shall ask it: no program can be told a port there, so set server.listen"
          + " = [\"127.0.0.1:53\", \"[::1]:53\"] first";
    }
    if (Files.exists(root.resolve("usr/sbin/resolver-use")) && isOurs.test(LOOPBACK)) {
      return nameUpstreamFirst(file) + "resolver-use on";
    }
    String address =
        ours.getAddress().isAnyLocalAddress() ? "127.0.0.1" : ours.getAddress().getHostAddress();
    String first = Files.isSymbolicLink(file) ? "rm /etc/resolv.conf\n" : "";
    return nameUpstreamFirst(file)
        + first
        + "printf 'nameserver "
        + address
        + "\\n' > /etc/resolv.conf";
  }

  /**
   * What has to be done before the file is changed, a line for each step: where nothing else tells
   * the daemon whom to ask, its servers are to be kept. Mostly nothing.
   */
  private String nameUpstreamFirst(Path file) {
    List<String> servers = othersOf(file);
    boolean toldElsewhere =
        SystemServers.LISTS.stream().anyMatch(list -> !othersOf(root.resolve(list)).isEmpty());
    if (!auto || servers.isEmpty() || toldElsewhere) {
      return "";
    }
    return "Nothing else tells whom to ask, so first set upstream.servers = [\""
        + String.join("\", \"", servers)
        + "\"]\nresolve reload\n";
  }

  /** The servers that a file names, but for this resolver. */
  private List<String> othersOf(Path file) {
    return ResolvConf.nameservers(file).stream()
        .filter(word -> ResolvConf.isOneOf(address -> !isOurs.test(address), word))
        .toList();
  }

  /** Who writes the file, told by where it leads or how it begins. */
  private static String keeper(Path file) {
    if (Files.isSymbolicLink(file)) {
      try {
        String target = Files.readSymbolicLink(file).toString();
        if (target.endsWith("systemd/resolve/stub-resolv.conf")) {
          return "kept by systemd-resolved for its own stub listener";
        }
        if (target.contains("systemd/resolve/")) {
          return "kept by systemd-resolved with the servers of the network";
        }
        return "a link to " + target;
      } catch (IOException e) {
        return "a link that cannot be read";
      }
    }
    if (!Files.exists(file)) {
      return "which is not there";
    }
    for (String line : SystemFile.lines(file)) {
      if (line.startsWith("#") && line.contains("NetworkManager")) {
        return "kept by NetworkManager";
      }
      if (line.startsWith("#") && line.contains("resolvconf")) {
        return "kept by resolvconf";
      }
    }
    return "an ordinary file";
  }

  /** Names may be looked up elsewhere before DNS, or never there, nsswitch.conf(5). */
  private List<Finding> lookAtSwitch() {
    for (String line : SystemFile.lines(root.resolve("etc/nsswitch.conf"))) {
      if (line.strip().startsWith("hosts:")) {
        List<String> words = List.of(line.strip().split("[:\\s]+"));
        int dns = words.indexOf("dns");
        int resolved = words.indexOf("resolve");
        if (dns < 0 && resolved < 0) {
          return List.of(
              Finding.fail(
                  "nsswitch",
                  "programs look up no name in DNS: " + line.strip(),
                  "Put dns into the line hosts: of /etc/nsswitch.conf"));
        }
        if (resolved >= 0 && (dns < 0 || resolved < dns) && resolvedRuns()) {
          return List.of(
              Finding.warn(
                  "nsswitch",
                  "programs ask systemd-resolved first, and not /etc/resolv.conf: " + line.strip(),
                  "Take resolve [!UNAVAIL=return] out of the line hosts: of /etc/nsswitch.conf"));
        }
        return List.of(Finding.ok("nsswitch", line.strip()));
      }
    }
    return List.of();
  }

  private boolean resolvedRuns() {
    return Files.exists(root.resolve("run/systemd/resolve/io.systemd.Resolve"));
  }
}
