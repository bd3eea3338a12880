package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.clock.SystemTicker;
import resolver.control.ControlCommand;
import resolver.control.ControlReply;
import resolver.control.ControlServer;
import resolver.control.TailCommand;
import resolver.control.TopCommand;
import resolver.observe.Ledger;
import resolver.observe.QueryLine;
import resolver.observe.QueryTaps;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.query.Transport;
import resolver.wire.ExtendedError;

/** {@code resolve tail} and {@code resolve top} against a control socket. */
class LiveCommandsTest {
  private final SystemTicker ticker = new SystemTicker();
  private final Ledger ledger = new Ledger();
  private final QueryTaps taps = new QueryTaps(ledger);
  private final CommandRun run = new CommandRun();

  @TempDir private Path directory;
  private ControlServer server;

  @BeforeEach
  void start() throws IOException {
    TopCommand.Sights sights = new TopCommand.Sights(ledger, List::of, Map::of, () -> 42);
    server =
        ControlServer.open(
            directory.resolve("control"),
            List.of(
                new Feeding(new TailCommand(taps, ticker)), new TopCommand(taps, sights, ticker)),
            ticker);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Has three queries settled as soon as somebody watches. */
  private final class Feeding implements ControlCommand {
    private final ControlCommand tail;

    Feeding(ControlCommand tail) {
      this.tail = tail;
    }

    @Override
    public String name() {
      return tail.name();
    }

    @Override
    public void run(List<String> words, ControlReply out) throws IOException, InterruptedException {
      Thread feeding =
          new Thread(
              () -> {
                while (!taps.isOn()) {
                  Thread.onSpinWait();
                }
                taps.settled(query("www.example.org", Outcome.HIT, 0, List.of()));
                taps.settled(query("www.example.com", Outcome.LEADER, 0, List.of()));
                taps.settled(
                    query(
                        "gone.example.org",
                        Outcome.LEADER,
                        2,
                        List.of(new ExtendedError(22, "silent\u001b[31m"))));
              });
      feeding.start();
      tail.run(words, out);
    }
  }

  private SettledQuery query(String name, Outcome outcome, int rcode, List<ExtendedError> errors) {
    byte[] octets = org.xbill.DNS.Name.fromConstantString(name + ".").toWire();
    return new SettledQuery(
        ticker.nanos(),
        21_000,
        new InetSocketAddress("192.0.2.7", 4000),
        Transport.UDP,
        Question.of(octets, 1, 1, false),
        outcome,
        rcode,
        errors,
        new Provenance(new InetSocketAddress("192.0.2.53", 53), Transport.UDP, 12_000_000, 2, 3),
        1,
        56);
  }

  private int resolve(String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--socket";
    all[words.length + 1] = directory.resolve("control").toString();
    return run.run(all);
  }

  /** Raises the signal as the system does, on a thread of its own, once this has been printed. */
  private void interruptOnce(String printed) {
    Pattern pattern = Pattern.compile(printed, Pattern.DOTALL);
    AtomicBoolean raised = new AtomicBoolean();
    run.whenWritten =
        () -> {
          if (pattern.matcher(run.out()).find() && raised.compareAndSet(false, true)) {
            new Thread(() -> run.raise("INT")).start();
          }
        };
  }

  @Test
  void tailPrintsLinesForPeople() {
    assertThat(resolve("tail", "-n", "3")).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .matches(
            "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  192\\.0\\.2\\.7        hit          NOERROR "
                + "      0\\.021 ms  A      www\\.example\\.org\\.");
    assertThat(lines.get(1)).endsWith("A      www.example.com.  192.0.2.53:53, 2 tries, 3 waited");
    assertThat(lines.get(2)).endsWith("  (22: silent\\027[31m)").doesNotContain("\u001b");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void tailPrintsJsonAndFilters() {
    assertThat(resolve("tail", "--rcode", "SERVFAIL", "--json", "--count", "1")).isZero();
    assertThat(run.out().lines())
        .singleElement()
        .asString()
        .startsWith("{\"time\":\"")
        .contains("\"name\":\"gone.example.org.\"", "\"tries\":2");
  }

  @Test
  void aFilterThatIsWrongIsAMistakeOfTheCommandLine() {
    assertThat(resolve("tail", "--outcome", "hits")).isEqualTo(2);
    assertThat(run.err())
        .startsWith("resolve: --outcome: \"hits\" (expected: one of hit, stale, local,");
    assertThat(resolve("tail", "--count", "0")).isEqualTo(2);
  }

  @Test
  void helpAndManualTellEveryOutcome() {
    assertThat(run.run("tail", "--help")).isZero();
    String help = run.out().replaceAll("\\s+", "");
    String manual = ManPages.all("1", "2026-01-02").getOrDefault("resolve-tail.1", "");
    for (Outcome outcome : Outcome.values()) {
      String word = QueryLine.outcome(outcome);
      assertThat(help).contains(word);
      assertThat(manual.replace("\\-", "-")).contains(word);
    }
    assertThat(help).doesNotContain("CANDIDATES");
  }

  @Test
  void ctrlCEndsTail() {
    interruptOnce("");
    assertThat(resolve("tail")).isEqualTo(130);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void withoutADaemonItIsSaid() {
    server.close();
    assertThat(resolve("tail")).isEqualTo(11);
    assertThat(resolve("top", "--once")).isEqualTo(11);
    assertThat(run.err()).contains("no daemon listens at");
  }

  @Test
  void topShowsOneScreenForScripts() {
    ledger.received(Transport.UDP);
    assertThat(resolve("top", "--once", "--interval", "100ms")).isZero();
    assertThat(run.out()).contains("resolver  up 0s", " queries/s", "cached 42");
    assertThat(run.out()).doesNotContain("\u001b");
  }

  @Test
  void topPrintsJson() {
    assertThat(resolve("top", "--once", "--json", "--interval", "100ms")).isZero();
    assertThat(run.out().lines()).singleElement().asString().startsWith("{\"wallMillis\":");
  }

  @Test
  void topLeavesATerminalAsItWas() {
    run.terminal = true;
    run.environment.put("TERM", "xterm");
    interruptOnce("resolver  up");
    assertThat(resolve("top", "--interval", "100ms")).isEqualTo(130);
    assertThat(run.out())
        .startsWith("\u001b[?1049h\u001b[?25l\u001b[H")
        .endsWith("\u001b[?25h\u001b[?1049l");
  }

  @Test
  void onADumbTerminalScreensFollowOneAnother() {
    run.terminal = true;
    run.environment.put("TERM", "dumb");
    interruptOnce("resolver  up.*resolver  up.*resolver  up");
    assertThat(resolve("top", "--interval", "100ms")).isEqualTo(130);
    assertThat(run.out()).doesNotContain("\u001b");
  }
}
