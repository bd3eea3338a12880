package resolver.cli.doctor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resolver.query.Transport;
import resolver.server.LocalAddresses;
import resolver.server.PortOwner;
import resolver.settings.Addresses;

/** Who holds the addresses that are to be listened on, and how to free them. */
final class PortCheck {
  private static final String TOPIC = "port";

  /** A unit of systemd in the path of a control group. */
  private static final Pattern UNIT = Pattern.compile("/([A-Za-z0-9:_.@\\\\-]+\\.service)(?:/|$)");

  /** The unit that comes with the daemon. */
  private static final String OUR_SOCKET = "resolver.socket";

  private final Path proc;
  private final PortOwner owners;
  private final SocketUnits sockets;

  PortCheck(Path root) {
    this.proc = root.resolve("proc");
    this.owners = new PortOwner(proc);
    this.sockets = new SocketUnits(root);
  }

  /** Looks at each address, over UDP and TCP. */
  List<Finding> look(List<InetSocketAddress> listen) {
    Set<Finding> findings = new LinkedHashSet<>();
    for (InetSocketAddress address : LocalAddresses.expand(listen)) {
      findings.addAll(look(address));
    }
    return List.copyOf(findings);
  }

  private List<Finding> look(InetSocketAddress address) {
    List<Finding> findings = new ArrayList<>();
    String where = Addresses.format(address);
    List<String> free = new ArrayList<>();
    Set<String> told = new LinkedHashSet<>();
    for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
      if (address.getPort() == 0 || !owners.isHeld(address, transport)) {
        free.add(transport.toString());
        continue;
      }
      String what = where + " over " + transport;
      PortOwner.Owner owner = owners.owner(address, transport).orElse(null);
      if (owner == null) {
        findings.add(
            Finding.warn(
                TOPIC,
                what + " is held by a process that is not yours to see",
                "sudo resolve doctor"));
      } else if (told.add(owner.pid())) {
        findings.add(heldBy(owner, address, where, what));
      }
    }
    if (free.size() == 2) {
      findings.add(Finding.ok(TOPIC, where + " is free, over UDP and TCP"));
    }
    return findings;
  }

  private Finding heldBy(
      PortOwner.Owner owner, InetSocketAddress address, String where, String what) {
    if (isOurs(owner)) {
      return Finding.ok(TOPIC, where + ": resolve serve, pid " + owner.pid());
    }
    return owner.isServiceManager()
        ? heldForUnit(address, what)
        : Finding.fail(TOPIC, what + " is held by " + owner, howToFree(owner));
  }

  /** What systemd holds goes with the socket unit; nobody but systemd has it here. */
  private Finding heldForUnit(InetSocketAddress address, String where) {
    List<String> units = sockets.of(address);
    if (units.equals(List.of(OUR_SOCKET))) {
      return Finding.warn(
          TOPIC,
          where + " is held by systemd for " + OUR_SOCKET + ", and no daemon has it yet",
          "systemctl start resolver.service\njournalctl -u resolver.service");
    }
    String which = units.isEmpty() ? "a socket unit" : String.join(" or ", units);
    return Finding.fail(
        TOPIC,
        where + " is held by systemd (pid 1) for " + which,
        "systemctl list-sockets\n" + stop(units.size() == 1 ? units.get(0) : "NAME.socket"));
  }

  /** The daemon that serves, if it can be seen. */
  Optional<PortOwner.Owner> daemon(List<InetSocketAddress> listen) {
    return LocalAddresses.expand(listen).stream()
        .flatMap(address -> owners.owner(address, Transport.UDP).stream())
        .filter(this::isOurs)
        .findFirst();
  }

  private boolean isOurs(PortOwner.Owner owner) {
    String command = commandOf(owner);
    return command.contains("resolver.cli.Main") && command.contains(" serve");
  }

  private String commandOf(PortOwner.Owner owner) {
    return String.join("\n", SystemFile.lines(proc.resolve(owner.pid()).resolve("cmdline")))
        .replace('\0', ' ');
  }

  private String howToFree(PortOwner.Owner owner) {
    String command = commandOf(owner);
    return switch (owner.name()) {
      case "systemd-resolve" ->
          """
          mkdir -p /etc/systemd/resolved.conf.d
          printf '[Resolve]\\nDNSStubListener=no\\n' > /etc/systemd/resolved.conf.d/no-stub.conf
          systemctl restart systemd-resolved
          ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf""";
      case "dnsmasq" -> howToFreeFromDnsmasq(owner, command);
      case "named" -> stop(unitOf(owner).orElse("named.service"));
      case "unbound" -> stop(unitOf(owner).orElse("unbound.service"));
      default -> unitOf(owner).map(PortCheck::stop).orElse(howToEnd(owner));
    };
  }

  /** The first process of a machine or a container takes all others with it. */
  private static String howToEnd(PortOwner.Owner owner) {
    return owner.pid().equals("1")
        ? "Set server.listen to another port: all of this container ends with that process"
        : "kill " + owner.pid();
  }

  private String howToFreeFromDnsmasq(PortOwner.Owner owner, String command) {
    if (command.contains("NetworkManager")) {
      return """
          printf '[main]\\ndns=default\\n' > /etc/NetworkManager/conf.d/no-dnsmasq.conf
          systemctl restart NetworkManager""";
    }
    if (command.contains("libvirt") || command.contains("lxc")) {
      return "It serves virtual machines: set server.listen = [\"127.0.0.1:53\", \"[::1]:53\"],"
          + " which is not theirs";
    }
    return stop(unitOf(owner).orElse("dnsmasq.service"));
  }

  private static String stop(String unit) {
    return "systemctl disable --now " + unit;
  }

  private Optional<String> unitOf(PortOwner.Owner owner) {
    for (String line : SystemFile.lines(proc.resolve(owner.pid()).resolve("cgroup"))) {
      Matcher unit = UNIT.matcher(line);
      if (unit.find() && !unit.group(1).startsWith("user@")) {
        return Optional.of(unit.group(1));
      }
    }
    return Optional.empty();
  }
}
