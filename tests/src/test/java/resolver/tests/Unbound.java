package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Rcode;
import resolver.fixtures.DnsClient;
import resolver.fixtures.Programs;
import resolver.settings.Addresses;

/**
 * An unbound as the upstream, which counts its queries: one with zones of its own, example.org and
 * the reverse zones of its addresses, which asks nobody and keeps the order of records; or one that
 * asks an nsd.
 */
final class Unbound implements AutoCloseable {
  static final String ADDRESS = "127.0.0.1";

  private static final int BIG_STRINGS = 30;

  private static final String ZONE =
      """
      $ORIGIN example.org.
      $TTL 300
      @         SOA    ns.example.org. hostmaster.example.org. 2026010101 3600 600 86400 60
      @         NS     ns.example.org.
      @         NS     ns2.example.org.
      @         MX     20 mail2.example.org.
      @         MX     10 mail.example.org.
      @         TXT    "one" "two words" "a \\"quoted\\" one; and \\255"
      @         TXT    ""
      @         CAA    128 issue "ca.example.net; account=1"
      ns        A      192.0.2.53
      ns2       AAAA   2001:db8::53
      www       A      192.0.2.3
      www       A      192.0.2.1
      www       A      192.0.2.2
      www       AAAA   2001:db8::1
      www       HTTPS  1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1
      _sip._udp SRV    1 2 5060 www.example.org.
      alias     CNAME  hop.example.org.
      hop       CNAME  www.example.org.
      dangling  CNAME  nowhere.example.org.
      unknown   TYPE65280 \\# 5 C0000A0BFF
      UpPeR     A      192.0.2.4
      a\\.b     A      192.0.2.5
      \\000\\032  A    192.0.2.6
      *.wild    A      192.0.2.7
      signed    A      192.0.2.8
      signed    RRSIG  A 13 3 300 20360101000000 20260101000000 1 example.org. c2lnbmVk
      """;

  private static final String REVERSE_4 =
      """
      $ORIGIN 2.0.192.in-addr.arpa.
      $TTL 300
      @ SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
      @ NS  ns.example.org.
      1 PTR www.example.org.
      """;

  private static final String REVERSE_6 =
      """
      $ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
      $TTL 300
      @ SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60
      @ NS  ns.example.org.
      1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR www.example.org.
      """;

  /** A name whose first label is as long as labels may be. */
  static final String LONG = "x".repeat(63) + ".example.org.";

  private final Process process;
  private final Lines log;
  private final Path control;
  private final InetSocketAddress address;

  private Unbound(Process process, Path control, InetSocketAddress address) {
    this.process = process;
    this.log = Lines.of("unbound", process.getErrorStream());
    this.control = control;
    this.address = address;
  }

  /**
   * Starts one that is ready; the test is skipped where there is no unbound.
   *
   * @param directory empty, and not deeper than a path of a local socket may be long
   */
  static Unbound start(Path directory) throws Exception {
    StringBuilder zone = new StringBuilder(ZONE);
    zone.append(LONG).append(" A 192.0.2.9\n");
    for (int i = 0; i < BIG_STRINGS; i++) {
      zone.append("big TXT \"").append(i).append(' ').append("z".repeat(99)).append("\"\n");
    }
    String zones =
        """
        server:
          rrset-roundrobin: no
          minimal-responses: no
          local-zone: "2.0.192.in-addr.arpa." nodefault
          local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
        """
            + zone(directory, "example.org.", zone.toString())
            + zone(directory, "2.0.192.in-addr.arpa.", REVERSE_4)
            + zone(directory, "8.b.d.0.1.0.0.2.ip6.arpa.", REVERSE_6);
    return start(directory, zones, "www.example.org.");
  }

  /**
   * Starts one that asks an nsd for these zones, keeps what it says and believes it.
   *
   * @param probe a name with an address in one of them
   */
  static Unbound asking(Nsd nsd, Path directory, Collection<String> zones, String probe)
      throws Exception {
    StringBuilder text =
        new StringBuilder(
            """
            server:
              do-not-query-localhost: no
              do-ip6: no
              minimal-responses: yes
              max-udp-size: 1232
              edns-buffer-size: 1232
              target-fetch-policy: "0 0 0 0 0"
              msg-cache-size: 64m
              rrset-cache-size: 64m
            """);
    for (String zone : zones) {
      text.append("stub-zone:\n  name: \"%s\"\n".formatted(zone));
      text.append("  stub-addr: %s@%d\n".formatted(ADDRESS, nsd.address().getPort()));
    }
    return start(directory, text.toString(), probe);
  }

  private static Unbound start(Path directory, String zones, String probe) throws Exception {
    Path program = Programs.need("unbound");
    int port = FreePort.on(ADDRESS);
    Path configuration = directory.resolve("unbound.conf");
    Path control = directory.resolve("control");
    Files.writeString(configuration, configuration(directory, port, control) + zones);
    Process process =
        Ran.start(List.of(program.toString(), "-d", "-c", configuration.toString()), Map.of());
    Unbound unbound = new Unbound(process, control, Addresses.parse(ADDRESS, port));
    try {
      unbound.log.await("start of service");
      int rcode =
          new DnsClient(unbound.address).udp(DnsClient.query(probe, "A")).getHeader().getRcode();
      if (rcode != Rcode.NOERROR) {
        throw new AssertionError("unbound says " + Rcode.string(rcode) + ":\n" + unbound.log);
      }
      return unbound;
    } catch (Exception | Error e) {
      unbound.close();
      throw e;
    }
  }

  private static String configuration(Path directory, int port, Path control) {
    return """
        server:
          interface: %s@%d
          access-control: 127.0.0.0/8 allow
          username: ""
          chroot: ""
          directory: "%s"
          pidfile: ""
          use-syslog: no
          logfile: ""
          do-daemonize: no
          module-config: "iterator"
        remote-control:
          control-enable: yes
          control-interface: "%s"
          control-use-cert: no
        """
        .formatted(ADDRESS, port, directory, control);
  }

  private static String zone(Path directory, String name, String records) throws IOException {
    Path file = Files.writeString(directory.resolve(name + "zone"), records);
    return "auth-zone:\n  name: \"%s\"\n  zonefile: \"%s\"\n  for-upstream: no\n"
        .formatted(name, file);
  }

  /** Where it listens, over both transports. */
  InetSocketAddress address() {
    return address;
  }

  /** How many queries it has had, from everybody. */
  int queries() throws IOException {
    String key = "total.num.queries=";
    return ask("stats_noreset")
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToInt(line -> Integer.parseInt(line.substring(key.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("unbound does not tell " + key));
  }

  /** What unbound-control would do. */
  private String ask(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(control));
      channel.write(ByteBuffer.wrap(("UBCT1 " + command + "\n").getBytes(StandardCharsets.UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
