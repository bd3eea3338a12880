package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.With;
import resolver.selection.AliasRoute;
import resolver.selection.Route;
import resolver.server.ServerSettings;
import resolver.settings.Addresses;
import resolver.upstream.Server;
import resolver.upstream.Servers;
import resolver.upstream.UpstreamSettings;

/** Routes from a client's side. */
class RoutesTest {
  private final StubNameServer rest = StubNameServer.start();
  private final StubNameServer corp = StubNameServer.start();
  private @TempDir Path root;
  private Daemon daemon;

  @BeforeEach
  void start() throws StartException {
    for (StubNameServer server : List.of(rest, corp)) {
      String address = server == rest ? "192.0.2.1" : "192.0.2.2";
      for (String name :
          List.of("www.corp.example", "dev.corp.example", "www.example.net", "nas.lan", "lan")) {
        server.on(name, "A").answers(name + ". 300 IN A " + address);
      }
      server
          .on("4.3.2.10.in-addr.arpa", "PTR")
          .answers("4.3.2.10.in-addr.arpa. 300 IN PTR nas.lan.");
    }
    daemon = Daemon.start(settings(AliasRoute.QUESTION), root);
  }

  @AfterEach
  void stop() {
    daemon.close();
    rest.close();
    corp.close();
  }

  @Test
  void aNewRouteFlushesTheNamesItTouchesAndNoOthers() {
    for (String name : List.of("www.corp.example", "dev.corp.example", "www.example.net")) {
      assertThat(address(name)).isEqualTo("192.0.2.1");
    }
    reload("corp.example " + word(corp), "dev.corp.example " + word(rest));
    assertThat(address("www.corp.example")).isEqualTo("192.0.2.2");
    assertThat(address("www.example.net")).isEqualTo("192.0.2.1");
    assertThat(rest.count("www.example.net", "A")).as("kept").isEqualTo(1);
    address("dev.corp.example");
    assertThat(rest.count("dev.corp.example", "A"))
        .as("another route, the same server")
        .isEqualTo(2);
    reload("dev.corp.example " + word(rest));
    assertThat(address("www.corp.example")).isEqualTo("192.0.2.1");
    address("dev.corp.example");
    assertThat(rest.count("dev.corp.example", "A")).as("untouched").isEqualTo(2);
  }

  @Test
  void aRouteWinsOverWhatIsAnsweredHere() {
    List<String> before = List.of("lan", "4.3.2.10.in-addr.arpa");
    // The only server is a private one, so these would be forwarded anyway; "local" never is.
    assertThat(before).isNotEmpty();
    corp.on("tv.local", "A").answers("tv.local. 300 IN A 192.0.2.2");
    assertThat(ask("tv.local", "A").getRcode()).isEqualTo(Rcode.NXDOMAIN);
    reload("local " + word(corp), "lan " + word(corp), "10.in-addr.arpa " + word(corp));
    assertThat(address("tv.local")).isEqualTo("192.0.2.2");
    assertThat(address("nas.lan")).isEqualTo("192.0.2.2");
    assertThat(address("lan")).isEqualTo("192.0.2.2");
    assertThat(ask("4.3.2.10.in-addr.arpa", "PTR").getSection(Section.ANSWER)).hasSize(1);
    assertThat(rest.count()).isZero();
  }

  @Test
  void aRouteMayRefuseOrLeaveNothingButLocalData() {
    reload("corp.example refuse", "lan local-only");
    Message refused = ask("www.corp.example", "A");
    assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(why(refused)).isEqualTo("corp.example is refused (upstream.routes)");
    Message none = ask("nas.lan", "A");
    assertThat(none.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(none.getSection(Section.AUTHORITY)).hasSize(1);
    assertThat(why(none)).isEqualTo("lan is local alone (upstream.routes)");
    assertThat(rest.count()).isZero();
    reload();
    assertThat(address("www.corp.example")).isEqualTo("192.0.2.1");
  }

  @Test
  void theTargetOfAnAliasTakesTheRouteOfTheQuestionAndPoisonsNothing() {
    corp.on("web.corp.example", "A").answers("web.corp.example. 300 IN CNAME www.example.net.");
    reload("corp.example " + word(corp));
    assertThat(last(ask("web.corp.example", "A"))).contains("192.0.2.2");
    assertThat(rest.count()).isZero();
    assertThat(address("www.example.net")).as("by its own route").isEqualTo("192.0.2.1");
    assertThat(last(ask("web.corp.example", "A"))).as("kept as a whole").contains("192.0.2.2");
    assertThat(corp.count("www.example.net", "A")).isEqualTo(1);
  }

  @Test
  void theTargetOfAnAliasTakesItsOwnRouteWhereTheSettingSaysSo() throws StartException {
    daemon.close();
    daemon = Daemon.start(settings(AliasRoute.OWN, "corp.example " + word(corp)), root);
    corp.on("web.corp.example", "A").answers("web.corp.example. 300 IN CNAME www.example.net.");
    assertThat(last(ask("web.corp.example", "A"))).contains("192.0.2.1");
    assertThat(corp.count("www.example.net", "A")).isZero();
  }

  @Test
  void theRoutesAreToldAtTheStart() {
    reload("corp.example " + word(corp) + " policy=race", "lan refuse");
    assertThat(daemon.describe())
        .contains("route      corp.example " + word(corp) + " policy=race")
        .contains("route      lan refuse");
  }

  @Test
  void ourselvesAreLeftOutOfARoute() {
    reload("corp.example " + Addresses.format(daemon.addresses().get(0)));
    Message failed = ask("www.corp.example", "A");
    assertThat(failed.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(why(failed)).isEqualTo("no server of the route corp.example can be asked");
  }

  private void reload(String... routes) {
    assertThat(daemon.reload(settings(AliasRoute.QUESTION, routes))).isEmpty();
  }

  private Message ask(String name, String type) {
    return new DnsClient(daemon.addresses().get(0)).udp(DnsClient.query(name, type, 1232, 0));
  }

  private String address(String name) {
    return last(ask(name, "A")).replaceAll(".*\\s", "");
  }

  private static String last(Message answer) {
    var records = answer.getSection(Section.ANSWER);
    assertThat(records).as("%s", answer).isNotEmpty();
    return records.get(records.size() - 1).toString();
  }

  private static String why(Message answer) {
    return answer.getOPT().getOptions().stream()
        .filter(ExtendedErrorCodeOption.class::isInstance)
        .map(option -> ((ExtendedErrorCodeOption) option).getText())
        .findFirst()
        .orElse("");
  }

  private static String word(StubNameServer server) {
    return Addresses.format(server.address());
  }

  private Settings settings(AliasRoute aliases, String... routes) {
    Settings d = Settings.DEFAULTS;
    ServerSettings server = d.server().withListen(List.of(Addresses.parse("127.0.0.1", 0)));
    UpstreamSettings plain =
        new UpstreamSettings(
            new Servers(List.of(Server.plain(rest.address()))),
            Duration.ofSeconds(5),
            d.upstream().tries(),
            d.upstream().udpSize(),
            d.upstream().tcpIdle());
    List<Route> parsed = Stream.of(routes).map(text -> Route.parse(text, word -> word)).toList();
    UpstreamSettings upstream =
        With.component(With.component(plain, "aliasRoute", aliases), "routes", parsed);
    return new Settings(server, d.cache(), d.lookup(), upstream, d.local(), d.policy(), d.log());
  }
}
