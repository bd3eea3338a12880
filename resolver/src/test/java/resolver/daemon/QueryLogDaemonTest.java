package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static resolver.fixtures.Upstreams.plain;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.With;
import resolver.observe.QueryLogSettings;
import resolver.settings.Addresses;
import resolver.upstream.Servers;

/** The query log of a whole daemon on loopback, switched on and off by reloads. */
class QueryLogDaemonTest {
  private final StubNameServer upstream = StubNameServer.start();
  @TempDir private Path root;

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void aReloadSwitchesItOnAndOffAndChangesNoAnswer() throws StartException, IOException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    upstream.on("gone.example.org", "A").nxdomain("example.org. 60 IN SOA a. b. 1 2 3 4 60");
    Path file = root.resolve("queries.log");
    Settings off = settings("");
    Settings on = settings(file.toString());
    try (Daemon daemon = Daemon.start(off, root)) {
      DnsClient client = new DnsClient(daemon.addresses().get(0));
      client.udp(DnsClient.query("www.example.org", "A"));
      assertThat(daemon.reload(on)).isEmpty();
      client.udp(DnsClient.query("WWW.example.org", "A"));
      client.udp(DnsClient.query("gone.example.org", "A"));
      client.tcp(DnsClient.query("localhost", "A"));
      assertThat(daemon.reload(off)).isEmpty();
      client.udp(DnsClient.query("www.example.org", "A"));
    }
    List<JsonObject> lines =
        Files.readAllLines(file).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    assertThat(lines.stream().map(line -> word(line, "outcome")))
        .containsExactly("hit", "leader", "local");
    assertThat(lines.stream().map(line -> word(line, "name")))
        .containsExactly("www.example.org.", "gone.example.org.", "localhost.");
    assertThat(lines.stream().map(line -> word(line, "rcode")))
        .containsExactly("NOERROR", "NXDOMAIN", "NOERROR");
    assertThat(lines.stream().map(line -> word(line, "transport")))
        .containsExactly("udp", "udp", "tcp");
    assertThat(lines.stream().map(line -> word(line, "client")).distinct())
        .singleElement()
        .asString()
        .matches("[0-9a-f]{16}");
    assertThat(word(lines.get(1), "upstream")).isEqualTo(Addresses.format(upstream.address()));
    assertThat(lines.get(2).has("upstream")).isFalse();
  }

  @Test
  void aLogThatIsOnFromTheStartMissesNoQuery() throws StartException, IOException {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    Path file = root.resolve("queries.log");
    try (Daemon daemon = Daemon.start(settings(file.toString()), root)) {
      new DnsClient(daemon.addresses().get(0)).udp(DnsClient.query("www.example.org", "A"));
    }
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  private static String word(JsonObject line, String field) {
    return line.get(field).getAsString();
  }

  private Settings settings(String to) {
    Settings base = Settings.DEFAULTS;
    Settings here =
        With.component(
            base, "server", base.server().withListen(List.of(Addresses.parse("127.0.0.1", 0))));
    Settings asking =
        With.component(
            here,
            "upstream",
            With.component(here.upstream(), "servers", new Servers(plain(upstream.address()))));
    return With.component(asking, "queryLog", With.component(QueryLogSettings.DEFAULTS, "to", to));
  }
}
