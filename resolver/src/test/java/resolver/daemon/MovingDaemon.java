package resolver.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.Upstreams;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/**
 * A program that moves a daemon from network to network. To be run as root in a network namespace
 * that nobody else uses; prints what it sees.
 */
final class MovingDaemon {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path root;

  private MovingDaemon(Path root) {
    this.root = root;
  }

  public static void main(String[] scenario) throws Exception {
    ip("link set lo up");
    MovingDaemon program = new MovingDaemon(Files.createTempDirectory("moving"));
    switch (scenario[0]) {
      case "family" -> program.family();
      case "gateway" -> program.gateway();
      case "wildcard" -> program.wildcard();
      default -> throw new IllegalArgumentException(scenario[0]);
    }
    System.exit(0);
  }

  /** A server of a family that has no route yet. */
  private void family() throws Exception {
    InetSocketAddress six = Addresses.parse("2001:db8::53", 5311);
    try (StubNameServer four = StubNameServer.start()) {
      four.otherwise().rcode(Rcode.NXDOMAIN);
      try (Daemon daemon = start("127.0.0.1", 0, six, four.address())) {
        say("without a route", ask(daemon, "one.example.org"));
        say(
            words(daemon).contains("[2001:db8::53]:5311 has no route")
                ? "set aside"
                : words(daemon));
        ip("addr add 2001:db8::53/128 dev lo nodad");
        try (StubNameServer server = StubNameServer.start("2001:db8::53", 5311)) {
          server.otherwise().answers("two.example.org. 300 IN A 192.0.2.2");
          await(() -> words(daemon).contains("upstream   [2001:db8::53]:5311"));
          say("with a route", ask(daemon, "two.example.org"));
        }
      }
    }
  }

  /** A lookup is under way when the gateway changes; no try would follow for ten seconds. */
  private void gateway() throws Exception {
    ip("link add in type veth peer name out");
    ip("addr add 192.0.2.10/24 dev in");
    ip("link set in up");
    ip("link set out up");
    ip("route add default via 192.0.2.1");
    write("route");
    ExecutorService client = Executors.newSingleThreadExecutor();
    try (StubNameServer server = StubNameServer.start()) {
      server
          .on("one.example.org", "A")
          .silentFirst(1)
          .answers("one.example.org. 300 IN A 192.0.2.2");
      try (Daemon daemon = start("127.0.0.1", 0, server.address())) {
        Future<Message> answer = client.submit(() -> ask(daemon, "one.example.org"));
        server.awaitQueries(1);
        ip("route replace default via 192.0.2.2");
        write("route");
        say("in another network", answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        say("queries " + server.count("one.example.org", "A"));
      }
    } finally {
      client.shutdownNow();
    }
  }

  /** An address comes, is listened on, and is then no upstream server. */
  private void wildcard() throws Exception {
    InetSocketAddress late = Addresses.parse("192.0.2.7", 5399);
    try (StubNameServer server = StubNameServer.start()) {
      server.otherwise().rcode(Rcode.NXDOMAIN);
      try (Daemon daemon = start("0.0.0.0", 5399, late, server.address())) {
        say("before: " + daemon.addresses().contains(late));
        ip("addr add 192.0.2.7/32 dev lo");
        await(() -> daemon.addresses().contains(late));
        // Only loopback may ask, and hears so at the new address.
        say("late", new DnsClient(late).udp(DnsClient.query("one.example.org", "A")));
        await(() -> words(daemon).contains("192.0.2.7:5399 is this resolver itself"));
        ip("addr del 192.0.2.7/32 dev lo");
        await(() -> !daemon.addresses().contains(late));
        say("gone");
      }
    }
  }

  private Daemon start(String listen, int port, InetSocketAddress... servers)
      throws StartException {
    Settings defaults = Settings.DEFAULTS;
    UpstreamSettings base = UpstreamSettings.DEFAULTS;
    UpstreamSettings asking =
        new UpstreamSettings(
            new Servers(Upstreams.plain(servers)),
            Duration.ofSeconds(10),
            1,
            base.udpSize(),
            base.tcpIdle());
    Settings settings =
        new Settings(
            ServerSettings.DEFAULTS.withListen(List.of(Addresses.parse(listen, port))),
            defaults.cache(),
            defaults.lookup(),
            asking,
            defaults.local(),
            defaults.policy(),
            defaults.log());
    return Daemon.start(settings, root);
  }

  private static Message ask(Daemon daemon, String name) {
    return new DnsClient(daemon.addresses().get(0)).udp(DnsClient.query(name, "A"));
  }

  private static String words(Daemon daemon) {
    return String.join("\n", daemon.describe());
  }

  private static void say(String when, Message answer) {
    say(when + ": " + Rcode.string(answer.getRcode()));
  }

  private static void say(String what) {
    System.out.println(what);
  }

  /** The daemon looks for the kernel's files below its own root. */
  private void write(String file) throws IOException {
    Path copy = root.resolve("proc/net").resolve(file);
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, Files.readString(Path.of("/proc/net", file)));
  }

  private static void ip(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with " + status);
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("waited in vain");
      }
      Thread.onSpinWait();
    }
  }
}
