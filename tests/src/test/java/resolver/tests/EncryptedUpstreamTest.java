package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.DnsClient;

/** The daemon asks real servers over TLS and HTTPS, with an authority of the test's own. */
class EncryptedUpstreamTest {
  @TempDir static Path directory;
  private static @Nullable TlsPeer unbound;
  private static @Nullable TlsPeer knot;

  @BeforeAll
  static void start() throws Exception {
    TlsPeer.certificates(directory);
    unbound = TlsPeer.unbound(directory);
    knot = TlsPeer.knot(Files.createDirectory(directory.resolve("knot")), directory);
  }

  @AfterAll
  static void stop() {
    for (TlsPeer peer : new TlsPeer[] {unbound, knot}) {
      if (peer != null) {
        peer.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"UNBOUND, +tls", "UNBOUND, +https", "KNOT, +tls", "KNOT, +https"})
  void theServersAreRight(Peer peer, String over) throws Exception {
    TlsPeer server = peer.get();
    List<String> arguments = new ArrayList<>(List.of("@127.0.0.1", "-p"));
    arguments.add(Integer.toString(over.equals("+tls") ? server.tls() : server.https()));
    arguments.add(over);
    arguments.add("+tls-ca=" + directory.resolve("ca.pem"));
    arguments.addAll(List.of("+tls-hostname=dns.example", "+short", "host.example", "A"));
    assertThat(Ran.program("kdig", arguments).out()).containsExactly("192.0.2.17");
  }

  @ParameterizedTest
  @CsvSource({
    "UNBOUND, tls://127.0.0.1:%1$d#dns.example",
    "UNBOUND, tls://dns.example:%1$d",
    "UNBOUND, https://127.0.0.1:%2$d/dns-query#dns.example",
    "UNBOUND, https://dns.example:%2$d/dns-query{?dns}",
    "KNOT, tls://127.0.0.1:%1$d",
    "KNOT, https://127.0.0.1:%2$d/dns-query",
    "KNOT, https://127.0.0.1:%2$d/dns-query{?dns}",
  })
  void anAnswerComesFromARealServer(Peer peer, String words) throws Exception {
    TlsPeer server = peer.get();
    String upstream = String.format(Locale.ROOT, words, server.tls(), server.https());
    try (Serve serve = serve(upstream, "ca.pem", "bootstrap = \"dns.example 127.0.0.1\"")) {
      assertThat(address(serve, "host.example")).isEqualTo("192.0.2.17");
      // Another question, over the connection that is there.
      assertThat(address(serve, "two.host.example")).isEqualTo("192.0.2.17");
    }
  }

  /** The process has one question, and waits with it for the address of the server. */
  @Test
  void theCommandAsksAServerWhoseNameItHasToLookUp() throws Exception {
    TlsPeer server = Peer.UNBOUND.get();
    Path settings =
        Files.write(
            Files.createTempDirectory(directory, "command").resolve("resolver.toml"),
            List.of(
                "server.listen = \"127.0.0.1:" + FreePort.on("127.0.0.1") + "\"",
                "[upstream]",
                "servers = \"tls://dns.example:" + server.tls() + "\"",
                "bootstrap = \"127.0.0.1:" + server.plain() + "\"",
                "tls-ca = \"" + directory.resolve("ca.pem") + "\""));
    Ran ran =
        Ran.resolve(Map.of("RESOLVER_CONFIG", settings.toString()), "--short", "host.example", "A");
    assertThat(ran.out()).as(ran.said()).containsExactly("192.0.2.17");
  }

  @Test
  void anUnknownAuthorityIsRefusedWithTheWayOut() throws Exception {
    TlsPeer.certificates(Files.createDirectory(directory.resolve("other")));
    try (Serve serve =
        serve("tls://127.0.0.1:" + Peer.UNBOUND.get().tls() + "#dns.example", "other/ca.pem")) {
      Message refused = serve.client().udp(DnsClient.query("host.example", "A", 1232, 0));
      assertThat(refused.getHeader().getRcode()).isEqualTo(Rcode.SERVFAIL);
      OPTRecord opt = refused.getOPT();
      assertThat(opt).isNotNull();
      assertThat(opt.getOptions())
          .filteredOn(ExtendedErrorCodeOption.class::isInstance)
          .extracting(Object::toString)
          .anyMatch(text -> text.contains("Test-Authority"));
      assertThat(serve.log().await("cannot be used", 0)).contains("upstream.tls-ca");
    }
  }

  /** RFC 9462. */
  @Test
  void aPlainServerNamesTheOneThatStandsInForIt() throws Exception {
    TlsPeer server = Peer.UNBOUND.get();
    try (Serve serve = serve("127.0.0.1:" + server.plain(), "ca.pem", "upgrade = true")) {
      assertThat(serve.log().await("from now on", 0))
          .contains("tls://127.0.0.1:" + server.tls() + "#dns.example");
      assertThat(address(serve, "host.example")).isEqualTo("192.0.2.17");
    }
  }

  private static String address(Serve serve, String name) {
    Message answer = serve.client().udp(DnsClient.query(name, "A"));
    assertThat(answer.getHeader().getRcode()).as(serve.log().toString()).isEqualTo(Rcode.NOERROR);
    return answer.getSection(Section.ANSWER).get(0).rdataToString();
  }

  private static Serve serve(String upstream, String authority, String... more) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("[upstream]");
    lines.add("servers = \"" + upstream + "\"");
    lines.add("tls-ca = \"" + directory.resolve(authority) + "\"");
    lines.addAll(List.of(more));
    Path own = Files.createTempDirectory(directory, "serve");
    return Serve.in(own).settings(lines.toArray(String[]::new)).start();
  }

  /** A server by its name, for there is none before the start. */
  enum Peer {
    UNBOUND,
    KNOT;

    TlsPeer get() throws IOException {
      TlsPeer peer = this == UNBOUND ? unbound : knot;
      if (peer == null) {
        throw new IOException(this + " does not run");
      }
      return peer;
    }
  }
}
