package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import resolver.fixtures.Programs;

/**
 * An unbound or a Knot Resolver on loopback that knows the address of host.example and
 * two.host.example, and says it in plain text, over TLS and over HTTPS, with a certificate for
 * dns.example and 127.0.0.1.
 */
final class TlsPeer implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";

  private final Process process;
  private final Lines log;
  private final int plain;
  private final int tls;
  private final int https;

  private TlsPeer(List<String> command, int plain, int tls, int https, String ready)
      throws Exception {
    this.process = Ran.start(command, Map.of());
    this.log = Lines.of(command.get(0), process.getErrorStream());
    this.plain = plain;
    this.tls = tls;
    this.https = https;
    try {
      log.await(ready);
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Makes an authority and a certificate of it: ca.pem, key.pem and leaf.pem in a directory. */
  static void certificates(Path directory) throws Exception {
    openssl(
        directory,
        "-keyout ca.key -out ca.pem -subj /CN=Test-Authority -addext basicConstraints=critical,CA:TRUE");
    openssl(
        directory,
        "-CA ca.pem -CAkey ca.key -keyout key.pem -out leaf.pem -subj /CN=dns.example"
            + " -addext subjectAltName=DNS:dns.example,IP:127.0.0.1 -addext basicConstraints=CA:FALSE");
  }

  private static void openssl(Path directory, String rest) throws Exception {
    String command =
        "cd '"
            + directory
            + "' && exec '"
            + Programs.need("openssl")
            + "' req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
            + rest;
    Ran ran = Ran.program("sh", List.of("-c", command));
    if (ran.status() != 0) {
      throw new AssertionError(ran.said());
    }
  }

  /** Starts an unbound; it says, too, that the one over TLS stands in for the one in plain text. */
  static TlsPeer unbound(Path directory) throws Exception {
    int plain = FreePort.on(ADDRESS);
    int tls = FreePort.on(ADDRESS);
    int https = FreePort.on(ADDRESS);
    Path file =
        Files.writeString(
            directory.resolve("unbound-tls.conf"),
            """
            server:
              interface: 127.0.0.1@%1$d
              interface: 127.0.0.1@%2$d
              interface: 127.0.0.1@%3$d
              tls-port: %2$d
              https-port: %3$d
              tls-service-key: "%4$s/key.pem"
              tls-service-pem: "%4$s/leaf.pem"
              access-control: 127.0.0.0/8 allow
              username: ""
              chroot: ""
              directory: "%4$s"
              pidfile: ""
              use-syslog: no
              do-daemonize: no
              edns-tcp-keepalive: yes
              module-config: "iterator"
              local-zone: "example." static
              local-data: "host.example. 300 IN A 192.0.2.17"
              local-data: "two.host.example. 300 IN A 192.0.2.17"
              local-data: "dns.example. 60 IN A 127.0.0.1"
              local-zone: "resolver.arpa." static
              local-data: "_dns.resolver.arpa. 300 IN SVCB 1 dns.example. alpn=dot port=%2$d ipv4hint=127.0.0.1"
            """
                .formatted(plain, tls, https, directory));
    return new TlsPeer(
        List.of(Programs.need("unbound").toString(), "-d", "-c", file.toString()),
        plain,
        tls,
        https,
        "start of service");
  }

  /**
   * Starts a Knot Resolver.
   *
   * @param directory where it may write
   * @param certificates where its certificate is
   */
  static TlsPeer knot(Path directory, Path certificates) throws Exception {
    int plain = FreePort.on(ADDRESS);
    int tls = FreePort.on(ADDRESS);
    int https = FreePort.on(ADDRESS);
    Path file =
        Files.writeString(
            directory.resolve("kresd.conf"),
            """
            net.ipv6 = false
            net.listen('127.0.0.1', %1$d, { kind = 'dns' })
            net.listen('127.0.0.1', %2$d, { kind = 'tls' })
            net.listen('127.0.0.1', %3$d, { kind = 'doh2' })
            net.tls('%4$s/leaf.pem', '%4$s/key.pem')
            modules = { 'policy' }
            policy.add(policy.suffix(
              policy.ANSWER({ [kres.type.A] = { rdata = kres.str2ip('192.0.2.17'), ttl = 300 } }),
              { todname('host.example.') }))
            modules.unload('ta_update')
            modules.unload('ta_signal_query')
            modules.unload('priming')
            modules.unload('detect_time_skew')
            trust_anchors.remove('.')
            cache.size = 10 * MB
            io.stderr:write('ready to answer\\n')
            """
                .formatted(plain, tls, https, certificates));
    return new TlsPeer(
        List.of(
            Programs.need("kresd").toString(), "-n", "-c", file.toString(), directory.toString()),
        plain,
        tls,
        https,
        "ready to answer");
  }

  int plain() {
    return plain;
  }

  int tls() {
    return tls;
  }

  int https() {
    return https;
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
