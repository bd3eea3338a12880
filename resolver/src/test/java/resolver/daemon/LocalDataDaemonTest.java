package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.config.SettingsLoader;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.fixtures.StubNameServer;
import resolver.observe.Ledger;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.PolicySettings;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.settings.Addresses;

/** Both doors of the policy in a daemon, and what a reload does to them. */
class LocalDataDaemonTest {
  private final StubNameServer upstream = StubNameServer.start();
  @TempDir Path root;

  @BeforeEach
  void answerEverything() throws IOException {
    upstream.otherwise().rcode(Rcode.SERVFAIL);
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/hosts"), "10.0.0.9 shelf.example\n");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void localDataIsAnsweredWithoutTheUpstreamAndCountedAsLocal() throws Exception {
    try (Daemon daemon = Daemon.start(settings("'nas.office.example A 10.0.0.1'"), root)) {
      DnsClient client = client(daemon);
      for (String name : List.of("nas.office.example", "shelf.example", "www.localhost")) {
        Message over = client.udp(DnsClient.query(name, "A"));
        assertThat(over.getSection(Section.ANSWER)).as(name).hasSize(1);
        assertThat(client.tcp(DnsClient.query(name, "A")).getSection(Section.ANSWER)).hasSize(1);
      }
      assertThat(client.udp(DnsClient.query("nosuch.invalid", "A")).getRcode())
          .isEqualTo(Rcode.NXDOMAIN);
      assertThat(upstream.count()).isZero();
      assertThat(daemon.ledger().get(Outcome.LOCAL)).isEqualTo(7);
      assertThat(daemon.ledger().get(Ledger.Count.ANSWERS_REFUSED)).isZero();
    }
  }

  @Test
  void aReloadTakesNewRecordsAndLooksAtTheHostsFile() throws Exception {
    try (Daemon daemon = Daemon.start(settings("'a.example A 10.0.0.1'"), root)) {
      DnsClient client = client(daemon);
      Files.writeString(root.resolve("etc/hosts"), "10.0.0.9 board.example\n");
      assertThat(daemon.reload(settings("'b.example A 10.0.0.1'"))).isEmpty();
      for (String name : List.of("b.example", "board.example")) {
        assertThat(client.udp(DnsClient.query(name, "A")).getSection(Section.ANSWER)).hasSize(1);
      }
      for (String name : List.of("a.example", "shelf.example")) {
        assertThat(client.udp(DnsClient.query(name, "A")).getRcode()).isEqualTo(Rcode.SERVFAIL);
      }
    }
  }

  @Test
  void aServerOfTheSiteIsAskedForTheNamesOfTheSite() throws Exception {
    upstream.on("nas", "A").answers("nas. 60 IN A 10.0.0.1");
    upstream.on("nas.home.arpa", "A").answers("nas.home.arpa. 60 IN A 10.0.0.1");
    try (Daemon daemon = Daemon.start(settings(""), root)) {
      DnsClient client = client(daemon);
      for (String name : List.of("nas", "nas.home.arpa")) {
        assertThat(client.udp(DnsClient.query(name, "A")).getSection(Section.ANSWER)).hasSize(1);
      }
      assertThat(upstream.count()).isEqualTo(2);
      Settings abroad = settings("", "198.51.100.53");
      daemon.reload(abroad);
      for (String name : List.of("other", "other.home.arpa")) {
        assertThat(client.udp(DnsClient.query(name, "A")).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      }
      assertThat(upstream.count()).isEqualTo(2);
    }
  }

  @Test
  void theResolverWithoutListenersHasBothDoors() throws Exception {
    Settings settings = settings("'nas.office.example A 10.0.0.1'");
    try (LocalResolver resolver = LocalResolver.open(settings)) {
      Message response = resolver.asResolver().send(DnsClient.query("nas.office.example", "A"));
      assertThat(response.getSection(Section.ANSWER)).hasSize(1);
      assertThat(resolver.asResolver().send(DnsClient.query("x.invalid", "A")).getRcode())
          .isEqualTo(Rcode.NXDOMAIN);
    }
  }

  /** What the cache keeps does not depend on the policy: it holds for what goes out. */
  @Test
  void aCachedAnswerIsJudgedAnewByOtherSettings() {
    ManualClock clock = new ManualClock();
    ScriptedSource last = new ScriptedSource();
    Core core =
        new Core(
            Settings.DEFAULTS,
            last,
            question -> Long.MIN_VALUE,
            clock,
            clock,
            Runnable::run,
            new Ledger());
    AnswerRules rules = new AnswerRules(PolicySettings.DEFAULTS, new Edition());
    Question question = Answers.question("www.example.org", "A");
    for (int i = 0; i < 2; i++) {
      Catcher catcher = new Catcher();
      core.sources().resolving().ask(Ask.byClient(question, 0), catcher);
      if (i == 0) {
        last.answer(
            0, Answers.answer(question, 300, clock.nanos(), "www.example.org. 300 IN A 10.0.0.1"));
      }
      Answer kept = catcher.answer();
      assertThat(rules.judge(question, kept, rules.edition().number()).rcode())
          .isEqualTo(Rcode.REFUSED);
      rules.use(new PolicySettings(true, List.of(Answers.name("example.org"))));
      assertThat(rules.judge(question, kept, rules.edition().number())).isSameAs(kept);
      rules.use(PolicySettings.DEFAULTS);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(last.asked()).isEqualTo(1);
  }

  private DnsClient client(Daemon daemon) {
    return new DnsClient(daemon.addresses().get(0));
  }

  private Settings settings(String record) throws IOException {
    return settings(record, Addresses.format(upstream.address()));
  }

  private Settings settings(String record, String server) throws IOException {
    String text =
        """
        server.listen = "127.0.0.1:0"
        upstream.servers = "%s"
        local.records = [%s]
        """
            .formatted(server, record);
    Path file = Files.writeString(root.resolve("resolver.toml"), text);
    return SettingsLoader.load(file, List.of()).settings();
  }
}
