package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Route;
import resolver.settings.DomainNames;

/** The parts of the first door together. */
class LocalDataTest {
  @TempDir Path root;
  private boolean upstreamsArePrivate;

  @BeforeEach
  void writeHosts() throws IOException {
    Files.createDirectories(root.resolve("etc"));
    hosts(
        """
        127.0.0.1 localhost
        192.0.2.1 nas nas.office.example printer.local
        10.0.0.9 nas
        """);
  }

  @Test
  void recordsAndZonesComeBeforeTheHostsFile() {
    LocalRules rules = rules(settings(List.of("office.example"), "nas A 192.0.2.77"));
    assertThat(told(rules, "nas", "A").answer()).containsExactly("nas. 300 A 192.0.2.77");
    assertThat(told(rules, "nas.office.example", "A").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void theHostsFileComesBeforeSpecialNamesAndSingleLabels() {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    assertThat(told(rules, "nas", "A").answer())
        .containsExactly("nas. 60 A 192.0.2.1", "nas. 60 A 10.0.0.9");
    assertThat(told(rules, "printer.local", "A").answer()).hasSize(1);
    assertThat(told(rules, "9.0.0.10.in-addr.arpa", "PTR").answer())
        .containsExactly("9.0.0.10.in-addr.arpa. 60 PTR nas.");
    assertThat(told(rules, "8.0.0.10.in-addr.arpa", "PTR").rcode()).isEqualTo("NXDOMAIN");
    assertThat(told(rules, "other", "A").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void aNameOfTheHostsFileExistsForEveryType() {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    Told told = told(rules, "printer.local", "TXT");
    assertThat(told.rcode()).isEqualTo("NOERROR");
    assertThat(told.authority()).hasSize(1);
    assertThat(told(rules, "scanner.local", "TXT").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void aHostsFileThatHasHalfOfLocalhostTakesNothingOfIt() throws IOException {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    assertThat(told(rules, "localhost", "A").answer()).hasSize(1);
    assertThat(told(rules, "localhost", "AAAA").answer())
        .singleElement()
        .asString()
        .endsWith("AAAA 0:0:0:0:0:0:0:1");
  }

  @Test
  void whatIsNotLocalGoesOnItsWay() {
    LocalRules rules = rules(settings(List.of("office.example"), "x.example A 192.0.2.77"));
    for (String name : List.of("www.example.org", "example", "org", ".")) {
      assertThat(rules.answer(Answers.question(name, "NS"))).isNull();
    }
    assertThat(rules.answer(Answers.question("nas.example.org", "A"))).isNull();
  }

  @Test
  void privateServersAreAskedForNamesOfTheSite() {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    List<Question> ofTheSite =
        List.of(
            Answers.question("other", "A"),
            Answers.question("other.home.arpa", "A"),
            Answers.question("8.0.0.10.in-addr.arpa", "PTR"));
    assertThat(ofTheSite).allSatisfy(q -> assertThat(rules.answer(q)).isNotNull());
    upstreamsArePrivate = true;
    assertThat(ofTheSite).allSatisfy(q -> assertThat(rules.answer(q)).isNull());
  }

  @Test
  void specialNamesCanBeSwitchedOff() {
    LocalRules rules =
        rules(new LocalSettings("/etc/hosts", List.of(), List.of(), SingleLabel.FORWARD, false));
    assertThat(rules.answer(Answers.question("x.test", "A"))).isNull();
    assertThat(rules.answer(Answers.question("8.0.0.10.in-addr.arpa", "PTR"))).isNull();
    assertThat(told(rules, "localhost", "A").answer()).hasSize(1);
  }

  @Test
  void aChangedHostsFileHoldsFromTheNextLookOn() throws IOException {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    hosts("192.0.2.1 other.example\n");
    assertThat(rules.answer(Answers.question("other.example", "A"))).isNull();
    rules.refresh();
    assertThat(told(rules, "other.example", "A").answer()).hasSize(1);
    assertThat(told(rules, "nas", "A").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void otherSettingsHoldAtOnceAndLookAtTheirFile() throws IOException {
    LocalRules rules = rules(LocalSettings.DEFAULTS);
    Files.writeString(root.resolve("etc/more"), "192.0.2.1 more.example\n");
    rules.use(
        new LocalSettings(
            "/etc/more",
            List.of(LocalRecord.parse("x.example A 192.0.2.2")),
            List.of(),
            SingleLabel.REFUSE,
            true),
        List.of());
    assertThat(told(rules, "more.example", "A").answer()).hasSize(1);
    assertThat(told(rules, "x.example", "A").answer()).hasSize(1);
    assertThat(told(rules, "nas", "A").rcode()).isEqualTo("REFUSED");
  }

  @Test
  void aRouteWinsOverSpecialNamesAndSingleLabels() {
    LocalRules rules =
        rules(
            LocalSettings.DEFAULTS,
            "lan 192.0.2.53",
            "10.in-addr.arpa 192.0.2.53",
            "home.arpa 192.0.2.53",
            "local 192.0.2.53");
    for (String name : List.of("lan", "x.lan", "x.home.arpa", "x.local", "8.0.0.10.in-addr.arpa")) {
      assertThat(rules.answer(Answers.question(name, "A"))).as(name).isNull();
    }
    assertThat(told(rules, "other", "A").rcode()).isEqualTo("NXDOMAIN");
    assertThat(told(rules, "8.0.168.192.in-addr.arpa", "PTR").rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void localDataWinsOverARoute() {
    LocalRules rules =
        rules(settings(List.of(), "x.lan A 192.0.2.7"), "lan 192.0.2.53", "local refuse");
    assertThat(told(rules, "x.lan", "A").answer()).hasSize(1);
    assertThat(told(rules, "printer.local", "A").answer()).hasSize(1);
    assertThat(told(rules, "other.local", "A").rcode()).isEqualTo("REFUSED");
  }

  @Test
  void aRouteThatIsLocalAloneLeavesLocalData() {
    LocalRules rules = rules(LocalSettings.DEFAULTS, "local local-only");
    assertThat(told(rules, "printer.local", "A").answer()).hasSize(1);
    assertThat(told(rules, "printer.local", "TXT").rcode()).isEqualTo("NOERROR");
    Told none = told(rules, "other.local", "A");
    assertThat(none.rcode()).isEqualTo("NXDOMAIN");
    assertThat(none.authority()).singleElement().asString().startsWith("local. 60 SOA");
    assertThat(none.why()).isEqualTo(List.of("local is local alone (upstream.routes)"));
  }

  @Test
  void theLongestRouteDecides() {
    LocalRules rules =
        rules(LocalSettings.DEFAULTS, "ads.example refuse", "good.ads.example 192.0.2.53");
    assertThat(told(rules, "x.ads.example", "A").why())
        .isEqualTo(List.of("ads.example is refused (upstream.routes)"));
    assertThat(rules.answer(Answers.question("x.good.ads.example", "A"))).isNull();
  }

  private LocalRules rules(LocalSettings settings, String... routes) {
    return new LocalRules(
        settings,
        Stream.of(routes).map(text -> Route.parse(text, word -> word)).toList(),
        root,
        () -> upstreamsArePrivate,
        new Edition(),
        new LoopProbes());
  }

  private static LocalSettings settings(List<String> zones, String... records) {
    return new LocalSettings(
        "/etc/hosts",
        Arrays.stream(records).map(LocalRecord::parse).toList(),
        zones.stream().map(DomainNames::parse).toList(),
        SingleLabel.AUTO,
        true);
  }

  private static Told told(LocalRules rules, String name, String type) {
    Question question = Answers.question(name, type);
    @Nullable Answer answer = rules.answer(question);
    return Told.of(question, answer);
  }

  private void hosts(String text) throws IOException {
    Files.writeString(root.resolve("etc/hosts"), text);
  }
}
