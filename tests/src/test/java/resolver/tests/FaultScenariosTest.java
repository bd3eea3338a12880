package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.faults.FaultProxy;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubScript;
import resolver.settings.Addresses;

/**
 * The daemon before two upstream servers of which one, or each, has a fault. What must hold is that
 * clients are answered; how soon is for the benchmarks.
 */
class FaultScenariosTest {
  private static final int SEED = 7;

  /**
   * So long that the second server is asked, and so short that a failure is not waited for long. A
   * lookup is over when its client is answered.
   */
  private static final String[] SHORT_DEADLINES = {
    "lookup.deadline = '1500ms'", "server.client-deadline = '2s'"
  };

  /** With failures that are remembered for longer than a test takes. */
  private static final String[] LONG_FAILURES = {
    SHORT_DEADLINES[0], SHORT_DEADLINES[1], "cache.failure-ttl = '1m'"
  };

  /** How long a service may take to be back when a server is, one probe included. */
  private static final long BACK_NANOS = 5_000_000_000L;

  private final StubNameServer server = StubNameServer.start();
  private final FaultProxy first = FaultProxy.before(server.address(), SEED);
  private final FaultProxy second = FaultProxy.before(server.address(), SEED + 1);
  private final AtomicInteger nameNumber = new AtomicInteger();
  @TempDir Path directory;

  @BeforeEach
  void answerAll() {
    server
        .otherwise()
        .replies(
            (query, transport) ->
                StubScript.reply(
                    query,
                    Rcode.NOERROR,
                    StubScript.parse(query.getQuestion().getName() + " 300 IN A 192.0.2.1"),
                    Section.ANSWER));
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    server.close();
  }

  @Test
  void withAThirdOfAllDatagramsLostEverybodyIsAnsweredInTime() throws Exception {
    try (Serve serve = start()) {
      first.set("loss=30%");
      second.set("loss=30%");
      List<String> names = names(60);
      Map<String, Message> answers = Crowd.ask(serve.address(), names);

      assertThat(answers).as("%s and %s", first, second).hasSameSizeAs(names);
      // Each try fails with 1 - 0.7 x 0.7; five of them, with 3.5 %.
      assertThat(good(answers)).as("%s and %s", first, second).isGreaterThanOrEqualTo(51);
    }
  }

  @Test
  void whateverTheFirstServerDoesTheSecondAnswers() throws Exception {
    try (Serve serve = start()) {
      for (String faults :
          List.of(
              "dead",
              "closed",
              "loss=90%",
              "delay=3s",
              "servfail=100%",
              "refused=100%",
              "notimp=100%",
              "formerr=100%",
              "duplicate=100% reorder=100%",
              "servfail=30% truncated=30% loss=10% delay=20ms~20ms",
              "truncated=100% reset",
              "truncated=100% reset=1",
              "truncated=100% reset=40",
              "truncated=100% half-open",
              "truncated=100% half-open=1")) {
        first.set(faults);
        List<String> names = names(10);
        Map<String, Message> answers = Crowd.ask(serve.address(), names);
        first.set("none");

        assertThat(good(answers)).as("with %s; %s, %s", faults, first, second).isEqualTo(10);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "truncated=100% reset",
        "truncated=100% reset=40",
        "truncated=100% half-open",
        "truncated=100% half-open=1"
      })
  void connectionsThatBreakLeaveNobodyWaiting(String faults) throws Exception {
    try (Serve serve = start(SHORT_DEADLINES)) {
      first.set(faults);
      second.set(faults);
      List<String> names = names(10);
      Map<String, Message> answers = Crowd.ask(serve.address(), names);

      assertThat(answers).as("%s and %s", first, second).hasSameSizeAs(names);
      assertThat(answers.values()).anySatisfy(FaultScenariosTest::assertOutage);
      first.set("none");
      second.set("none");
      awaitService(serve, List.of());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead", "closed"})
  void ofAnOutageClientsAreToldAndItEndsWithTheServersReturn(String faults) throws Exception {
    try (Serve serve = start(LONG_FAILURES)) {
      assertThat(good(Crowd.ask(serve.address(), names(5)))).isEqualTo(5);
      first.set(faults);
      second.set(faults);
      List<String> names = names(20);
      Map<String, Message> answers = Crowd.ask(serve.address(), names);

      assertThat(answers).hasSameSizeAs(names);
      assertThat(answers.values()).allSatisfy(FaultScenariosTest::assertOutage);

      first.set("none");
      second.set("none");
      // What failed for want of a server may be asked again when one is heard.
      awaitService(serve, names);
    }
  }

  @Test
  void oneServersReturnIsEnough() throws Exception {
    try (Serve serve = start(SHORT_DEADLINES)) {
      first.set("dead");
      second.set("dead");
      assertThat(Crowd.ask(serve.address(), names(5)).values())
          .hasSize(5)
          .allSatisfy(FaultScenariosTest::assertOutage);

      second.set("none");
      awaitService(serve, List.of());
      assertThat(good(Crowd.ask(serve.address(), names(10)))).isEqualTo(10);
    }
  }

  /** SERVFAIL, with no reachable authority (22) or a network error (23) for a reason. */
  private static void assertOutage(Message answer) {
    assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(answer.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR))
        .extracting(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
        .containsAnyOf(22, 23);
  }

  /** Asks for a new name, and for these, again and again until all are answered. */
  private void awaitService(Serve serve, List<String> names) throws Exception {
    long end = System.nanoTime() + BACK_NANOS;
    List<String> all;
    do {
      assertThat(System.nanoTime()).as("time; %s and %s", first, second).isLessThan(end);
      all = Stream.concat(names.stream(), names(1).stream()).toList();
    } while (good(Crowd.ask(serve.address(), all)) < all.size());
  }

  private Serve start(String... settings) throws Exception {
    String servers =
        "upstream.servers = ['%s', '%s']"
            .formatted(Addresses.format(first.address()), Addresses.format(second.address()));
    String[] all =
        IntStream.rangeClosed(0, settings.length)
            .mapToObj(i -> i == 0 ? servers : settings[i - 1])
            .toArray(String[]::new);
    return Serve.in(directory).settings(all).start();
  }

  /** Names that nobody has asked for. */
  private List<String> names(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "n" + nameNumber.incrementAndGet() + ".example.org.")
        .toList();
  }

  /** How many answers have an address. */
  private static int good(Map<String, Message> answers) {
    return (int)
        answers.values().stream()
            .filter(answer -> answer.getRcode() == Rcode.NOERROR)
            .filter(answer -> answer.getSection(Section.ANSWER).size() == 1)
            .count();
  }
}
