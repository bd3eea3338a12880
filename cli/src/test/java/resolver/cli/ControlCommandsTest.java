package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.config.SettingsLoader;
import resolver.daemon.ControlledDaemon;
import resolver.fixtures.DnsClient;
import resolver.fixtures.StubNameServer;
import resolver.observe.Ledger;
import resolver.query.QueryObserver.Outcome;
import resolver.settings.Addresses;

/** What an operator says to a daemon, and hears. */
@Timeout(60)
class ControlCommandsTest {
  private static final String SOA =
      "example.org. 300 IN SOA ns.example.org. root.example.org. 1 2 3 4 60";

  /** What stands in these is data, and counted in words. */
  private static final Set<String> OPEN = Set.of("counts", "outcomes", "sent", "ledger", "spreads");

  private final StubNameServer upstream = StubNameServer.start();
  private final CountDownLatch gate = new CountDownLatch(1);
  private @TempDir Path directory;
  private ControlledDaemon daemon;
  private Path socket;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    upstream.on("www.example.org", "A").answers("www.example.org. 300 IN A 192.0.2.1");
    upstream.on("a.www.example.org", "A").answers("a.www.example.org. 300 IN A 192.0.2.2");
    upstream.on("none.example.org", "*").nxdomain(SOA);
    upstream.on("www.example.org", "MX").nodata(SOA);
    upstream.on("broken.example.org", "*").rcode(Rcode.SERVFAIL);
    upstream
        .on("slow.example.org", "A")
        .gatedBy(gate)
        .answers("slow.example.org. 9 IN A 192.0.2.3");
    socket = directory.resolve("control");
    file = directory.resolve("resolver.toml");
    settings("");
    daemon = new ControlledDaemon(() -> SettingsLoader.load(file, List.of()), directory, socket);
  }

  @AfterEach
  void stop() throws Exception {
    gate.countDown();
    daemon.close();
    upstream.close();
  }

  private void settings(String upstreamLines, String... tables) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("[server]");
    lines.add("listen = [\"127.0.0.1:0\"]");
    lines.add("[upstream]");
    lines.add("servers = [\"" + Addresses.format(upstream.address()) + "\"]");
    lines.add("loop-probes = false");
    lines.add(upstreamLines);
    lines.addAll(List.of(tables));
    Files.write(file, lines);
  }

  private CommandRun run(String... words) {
    CommandRun command = new CommandRun();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--socket", socket.toString()));
    int code = command.run(all.toArray(String[]::new));
    assertThat(code).as(command.out() + command.err()).isEqualTo(expected);
    return command;
  }

  private int expected;

  private List<String> lines(String... words) {
    CommandRun command = run(words);
    assertThat(command.err()).isEmpty();
    assertThat(command.out()).doesNotContain("\u001b").doesNotContain(" \n");
    return command.out().lines().toList();
  }

  /** The JSON; the help of the command must tell each of its fields. */
  private JsonObject json(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    String out = run(all.toArray(String[]::new)).out();
    assertThat(out.lines()).hasSize(1);
    JsonObject object = JsonParser.parseString(out).getAsJsonObject();
    assertThat(object.get("schema").getAsInt()).isEqualTo(1);
    Set<String> fields = new TreeSet<>();
    collect(object, fields);
    CommandRun help = new CommandRun();
    assertThat(help.run(words[0], "--help")).isZero();
    CommandRun lookup = new CommandRun();
    assertThat(lookup.run("lookup", "--help")).isZero();
    CommandRun upstreams = new CommandRun();
    assertThat(upstreams.run("upstreams", "--help")).isZero();
    assertThat(help.out() + lookup.out() + upstreams.out()).contains(fields);
    return object;
  }

  private static void collect(JsonElement element, Set<String> fields) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> collect(each, fields));
    } else if (element.isJsonObject()) {
      for (Map.Entry<String, JsonElement> field : element.getAsJsonObject().entrySet()) {
        fields.add(field.getKey());
        if (!OPEN.contains(field.getKey())) {
          collect(field.getValue(), fields);
        }
      }
    }
  }

  private Message ask(String name, String type) {
    return new DnsClient(daemon.address()).udp(DnsClient.query(name, type));
  }

  private Thread askSlowly() {
    InetSocketAddress server = daemon.address();
    Thread thread =
        new Thread(() -> new DnsClient(server).udp(DnsClient.query("slow.example.org", "A")));
    thread.start();
    while (daemon.ledger().get(Outcome.LEADER) == 0) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "stats",
        "upstreams",
        "flights",
        "lookup",
        "explain",
        "flush",
        "reload",
        "log-level",
        "wait"
      })
  void helpTellsExitCodesAndFitsTheScreen(String name) {
    CommandRun help = new CommandRun();
    assertThat(help.run(name, "--help")).isZero();
    assertThat(help.out())
        .contains("Exit codes", "Options:", "schema 1", "  11  ")
        .doesNotContain("@|", "@@");
    assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
  }

  @Test
  void statusIsOneScreen() {
    ask("www.example.org", "A");
    ask("www.example.org", "A");
    List<String> lines = lines("status");
    assertThat(lines).hasSizeLessThan(24);
    assertThat(lines)
        .anyMatch(line -> line.matches("resolver   .*Java .*, process \\d+"))
        .anyMatch(line -> line.matches("up since   \\d{4}-\\d\\d-\\d\\dT.*Z, .*"))
        .anyMatch(line -> line.equals("settings   " + file))
        .anyMatch(line -> line.equals("listening  " + Addresses.format(daemon.address())))
        .anyMatch(line -> line.matches(" +\\. +127\\.0\\.0\\.1:\\d+ +good +[0-9.]+ ms .*"))
        .anyMatch(line -> line.startsWith("cache      answers 1, failures 0; "))
        .anyMatch(
            line ->
                line.equals(
                    "queries    received 2; from the cache 50.0 %, of the rest merged 0.0 %"))
        .anyMatch(line -> line.contains("hit 1, leader 1, sent upstream 1"))
        .anyMatch(line -> line.matches("memory     heap .*MiB of .*, resident .*MiB"));
    JsonObject json = json("status");
    assertThat(json.getAsJsonObject("queries").get("hitRatio").getAsDouble()).isEqualTo(0.5);
    assertThat(json.getAsJsonArray("upstreams")).hasSize(1);
    assertThat(json.get("pid").getAsLong()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void statsTellEveryCounter() {
    ask("www.example.org", "A");
    List<String> lines = lines("stats");
    assertThat(lines)
        .anyMatch(line -> line.matches("counts +received udp +1"))
        .anyMatch(line -> line.matches("outcomes +leader +1"))
        .anyMatch(line -> line.matches("sent +first +1"))
        .anyMatch(line -> line.matches(" +fanout +1 +1 +1 +1 +1"));
    JsonObject json = json("stats");
    assertThat(json.getAsJsonObject("counts").size()).isEqualTo(Ledger.Count.values().length);
    assertThat(json.getAsJsonObject("outcomes").size()).isEqualTo(Outcome.values().length);
    assertThat(json.getAsJsonObject("outcomes").get("leader").getAsLong()).isEqualTo(1);
  }

  @Test
  void upstreamsAreToldWithTheirHealth() throws Exception {
    ask("www.example.org", "A");
    settings("routes = [\"corp.example 192.0.2.53 192.0.2.54\"]");
    run("reload");
    assertThat(lines("upstreams"))
        .hasSize(4)
        .anyMatch(line -> line.matches("\\. +127\\.0\\.0\\.1:\\d+ +good +[0-9.]+ ms.*ago"))
        .anyMatch(line -> line.matches("corp.example +192.0.2.53:53 +good +- +- +0 +never"));
    JsonObject json = json("upstreams");
    assertThat(json.getAsJsonArray("upstreams")).hasSize(3);
    assertThat(json.get("upstreamSource").getAsString())
        .as("resolver-use looks for the end of it")
        .isEqualTo(Addresses.format(upstream.address()) + " (from the settings)");
  }

  @Test
  void flightsAreToldWithThoseWhoWait() throws Exception {
    assertThat(lines("flights")).containsExactly("under way 0, waiters 0");
    Thread asking = askSlowly();
    String server = Addresses.format(upstream.address());
    assertThat(lines("flights"))
        .anyMatch(line -> line.matches(" +1 +[0-9.]+ ms +1 +A +slow\\.example\\.org\\. +" + server))
        .endsWith("under way 1, waiters 1");
    JsonObject flight = json("flights").getAsJsonArray("flights").get(0).getAsJsonObject();
    assertThat(flight.get("name").getAsString()).isEqualTo("slow.example.org.");
    assertThat(flight.get("waiters").getAsInt()).isEqualTo(1);
    assertThat(lines("flights", "--most", "0")).containsExactly("under way 1, waiters 1");
    assertThat(lines("explain", "slow.example.org"))
        .anyMatch(line -> line.matches("lookup     flight 1 since .* ms, waiters 1"))
        .endsWith("now        joins the lookup under way (flight 1, waiters so far 1)");
    JsonObject json = json("explain", "slow.example.org");
    assertThat(json.getAsJsonObject("now").get("outcome").getAsString()).isEqualTo("follower");
    gate.countDown();
    asking.join();
  }

  @Test
  void lookupTellsWhereAnAnswerIsFrom() {
    expected = 1;
    assertThat(lines("lookup", "www.example.org"))
        .containsExactly("nothing is remembered of www.example.org.");
    expected = 0;
    ask("www.example.org", "A");
    ask("www.example.org", "MX");
    ask("none.example.org", "A");
    ask("broken.example.org", "A");
    String server = Addresses.format(upstream.address());
    assertThat(lines("lookup", "WWW.example.org"))
        .anyMatch(line -> line.matches("A +NOERROR, fresh, (\\d+m \\d+s) left of 300s"))
        .anyMatch(
            line ->
                line.matches(
                    " +from "
                        + server
                        + " over udp in [0-9.]+ ms, tries 1, waiters 1; came [0-9.]+s ago,"
                        + " not used since"))
        .anyMatch(line -> line.matches(" +www\\.example\\.org\\. +\\d+ IN A 192\\.0\\.2\\.1"))
        .anyMatch(line -> line.matches("MX +NOERROR, no such records, fresh, .*"));
    assertThat(lines("lookup", "none.example.org"))
        .anyMatch(line -> line.matches("\\* +NXDOMAIN, fresh, .*"));
    assertThat(lines("lookup", "broken.example.org"))
        .anyMatch(
            line ->
                line.matches(
                    "A +SERVFAIL, a failure \\(upstream-rcode\\), given out again for .*"));
    JsonObject entry =
        json("lookup", "www.example.org").getAsJsonArray("entries").get(0).getAsJsonObject();
    assertThat(entry.getAsJsonObject("provenance").get("server").getAsString()).isEqualTo(server);
    assertThat(json("lookup", "broken.example.org").getAsJsonArray("failures")).hasSize(1);
  }

  @Test
  void explainTellsWhatWouldBeDone() throws Exception {
    settings(
        "routes = [\"corp.example 192.0.2.53 policy=race\", \"ads.example refuse\"]",
        "[local]",
        "records = [\"nas.example A 192.0.2.9\"]");
    run("reload");
    String server = Addresses.format(upstream.address());
    assertThat(now("www.example.org")).isEqualTo("asked upstream, " + server + " first");
    assertThat(lines("explain", "www.example.org"))
        .contains("rule       none: it is not answered here")
        .contains("route      that of all names without one, forward, sequential")
        .contains("cache      nothing is remembered")
        .contains("lookup     none is under way");
    ask("www.example.org", "A");
    assertThat(now("www.example.org")).startsWith("answered from the cache, fresh for 29");
    assertThat(now("www.example.org", "MX")).startsWith("asked upstream");
    ask("none.example.org", "A");
    assertThat(now("none.example.org", "TXT")).startsWith("answered from the cache");
    ask("broken.example.org", "A");
    assertThat(now("broken.example.org")).startsWith("the failure of a moment ago is given out");
    assertThat(now("nas.example")).startsWith("answered here, nobody is asked");
    assertThat(now("x.ads.example")).contains("ads.example is refused (upstream.routes)");
    assertThat(now("a.corp.example"))
        .isEqualTo("asked upstream by the route corp.example, 192.0.2.53:53 first");
    assertThat(lines("explain", "a.corp.example"))
        .contains("route      corp.example, forward, race");
    assertThat(now("127.0.0.1")).startsWith("answered here, nobody is asked: 127.0.0.1 is this");
    JsonObject json = json("explain", "www.example.org", "A");
    assertThat(json.getAsJsonObject("now").get("outcome").getAsString()).isEqualTo("hit");
    assertThat(json.getAsJsonArray("entries")).hasSize(1);
    assertThat(upstream.count("www.example.org", "A")).as("explaining asks nobody").isEqualTo(1);
  }

  private String now(String... words) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(words));
    List<String> lines = lines(all.toArray(String[]::new));
    return lines.get(lines.size() - 1).replaceFirst("^now +", "");
  }

  @Test
  void flushForgetsWhatItIsTold() {
    List<String> names = List.of("www.example.org", "a.www.example.org", "none.example.org");
    names.forEach(name -> ask(name, "A"));
    assertThat(lines("flush", "www.example.org")).containsExactly("forgotten  1, left 2");
    assertThat(lines("flush", "--negative")).containsExactly("forgotten  1, left 1");
    names.forEach(name -> ask(name, "A"));
    assertThat(upstream.count("www.example.org", "A")).isEqualTo(2);
    assertThat(upstream.count("a.www.example.org", "A")).isEqualTo(1);
    assertThat(upstream.count("none.example.org", "A")).isEqualTo(2);
    assertThat(lines("flush", "--subtree", "www.example.org"))
        .containsExactly("forgotten  2, left 1");
    JsonObject json = json("flush", "--all");
    assertThat(json.get("entries").getAsInt()).isEqualTo(1);
    assertThat(json.get("entriesLeft").getAsInt()).isZero();
    expected = 2;
    assertThat(run("flush").err()).contains("--subtree");
    assertThat(run("flush", "a", "--all").err()).isNotEmpty();
    assertThat(run("flush", "a..b").err()).contains("a label is empty");
  }

  @Test
  void theLevelOfTheLogCanBeChanged() {
    try {
      assertThat(lines("log-level", "debug")).containsExactly("log.level  debug");
      assertThat(LoggerFactory.getLogger("resolver.daemon.Daemon").isDebugEnabled()).isTrue();
      assertThat(json("log-level", "ERROR").get("level").getAsString()).isEqualTo("error");
      assertThat(LoggerFactory.getLogger("resolver.daemon.Daemon").isWarnEnabled()).isFalse();
      expected = 2;
      assertThat(run("log-level", "loud").err()).contains("loud", "error, warn, info, debug");
    } finally {
      expected = 0;
      run("log-level", "info");
    }
  }

  @Test
  void aPlanTellsWhatAReloadWouldDoAndDoesNothing() throws Exception {
    ask("www.example.org", "A");
    ask("a.www.example.org", "A");
    assertThat(lines("reload", "--plan"))
        .containsExactly(
            "settings   " + file + ", not read in", "changes    none", "forgets    answers 0");
    settings(
        "routes = [\"www.example.org 192.0.2.53\"]",
        "tries = 4",
        "[policy]",
        "rebinding-protection = false");
    assertThat(lines("reload", "--plan"))
        .hasSize(5)
        .startsWith("settings   " + file + ", not read in")
        .anyMatch(line -> line.matches("at once  upstream\\.routes +\\[] -> \\[\"www.*53.*\"]"))
        .anyMatch(line -> line.matches("at once  policy\\.rebinding-protection +true -> false"))
        .anyMatch(line -> line.matches("restart  upstream\\.tries +5 -> 4"))
        .endsWith("forgets    answers 2");
    assertThat(json("reload", "--plan").get("entries").getAsInt()).isEqualTo(2);
    assertThat(lines("upstreams")).as("nothing has changed").hasSize(2);
    assertThat(lines("reload")).hasSize(4).contains("settings   " + file);
    assertThat(lines("upstreams")).hasSize(3);
    expected = 1;
    assertThat(lines("lookup", "www.example.org", "--json").get(0)).contains("\"entries\":[]");
  }

  @Test
  void settingsThatAreWrongChangeNothingAndAreToldWithTheirLines() throws Exception {
    settings("tries = 77", "nonsense = 1");
    expected = 2;
    assertThat(run("reload").err())
        .contains("the settings are not changed", file + ":6", "tries", "nonsense");
    assertThat(run("reload", "--plan").err())
        .contains("a reload would change nothing", file + ":6", "tries", "nonsense");
    expected = 0;
    settings("");
    JsonObject json = json("reload");
    assertThat(json.get("askers").getAsInt()).isEqualTo(1);
    assertThat(json.getAsJsonArray("changes")).isEmpty();
  }

  @Test
  void metricsThatCannotBeHadAreAWarningOfTheReload() throws Exception {
    String where;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      where = "127.0.0.1:" + taken.getLocalPort();
      settings("", "[metrics]", "listen = [\"" + where + "\"]");
      assertThat(lines("reload"))
          .anyMatch(line -> line.startsWith("warning    metrics.listen: " + where + " cannot be"))
          .contains("changes    none");
    }
    assertThat(lines("reload"))
        .anyMatch(line -> line.matches("at once +metrics.listen +\\[] -> \\[\"" + where + "\"]"))
        .noneMatch(line -> line.startsWith("warning"));
  }

  @Test
  void waitAsksUntilTheValueIsThere() {
    upstream.on("new.example.org", "MX").nodata("example.org. 0 IN SOA a. b. 1 2 3 4 0");
    CommandRun command = new CommandRun().daemonAt(daemon.address());
    String[] wait = {"wait", "new.example.org", "mx", "10 MAIL.example.org", "--every", "10ms"};
    Thread later =
        new Thread(
            () -> {
              while (upstream.count("new.example.org", "MX") < 3) {
                Thread.onSpinWait();
              }
              upstream
                  .on("new.example.org", "MX")
                  .answers("new.example.org. 0 IN MX 10 mail.example.org.");
            });
    later.start();
    assertThat(command.run(wait)).as(command.err()).isZero();
    assertThat(command.out())
        .matches("new\\.example\\.org\\. MX 10 MAIL\\.example\\.org  ; after [0-9.]+ s\\R");
    CommandRun json = new CommandRun().daemonAt(daemon.address());
    assertThat(json.run("wait", "new.example.org", "MX", "10 mail.example.org", "--json")).isZero();
    JsonObject object = JsonParser.parseString(json.out()).getAsJsonObject();
    assertThat(object.get("met").getAsBoolean()).isTrue();
    CommandRun help = new CommandRun();
    help.run("wait", "--help");
    assertThat(help.out()).contains(object.keySet());
  }

  @Test
  void waitGivesUp() {
    CommandRun other = new CommandRun().daemonAt(daemon.address());
    assertThat(other.run("wait", "www.example.org", "A", "192.0.2.99", "--timeout", "30ms"))
        .isEqualTo(1);
    assertThat(other.err()).contains("www.example.org. A is not 192.0.2.99 after 30ms: 192.0.2.1");
    CommandRun nobody = new CommandRun();
    assertThat(nobody.run("wait", "www.example.org", "A", "192.0.2.1", "--timeout", "30ms"))
        .isEqualTo(11);
    assertThat(nobody.err()).contains("no reply from the daemon at 127.83.19.7:5300");
    CommandRun wrong = new CommandRun();
    assertThat(wrong.run("wait", "www.example.org", "A", "here")).isEqualTo(2);
    assertThat(wrong.err()).contains("\"here\" is no data of A records");
  }

  @Test
  void withoutADaemonElevenAndTheWayOut() {
    socket = directory.resolve("nobody");
    expected = 11;
    for (String name : List.of("status", "stats", "upstreams", "flights", "reload")) {
      CommandRun command = run(name);
      assertThat(command.out()).isEmpty();
      assertThat(command.err())
          .startsWith("resolve: no daemon listens at " + socket + " (start one: systemctl start");
    }
    assertThat(run("lookup", "a").err()).contains("no daemon listens");
    assertThat(run("explain", "a").err()).contains("no daemon listens");
    assertThat(run("flush", "a").err()).contains("no daemon listens");
    assertThat(run("log-level", "info").err()).contains("no daemon listens");
  }
}
