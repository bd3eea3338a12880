package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resolver.fixtures.StubNameServer;
import resolver.settings.Addresses;

/** The command from its words to its scorecard, with a real daemon beside. */
@Timeout(120)
class StampedeCommandTest {
  private final CommandRun command = new CommandRun();

  @Test
  void aCrowdIsAnsweredWithOneUpstreamQueryARound() {
    assertThat(command.run("stampede", "--clients", "50", "--rounds", "3", "--seed", "1")).isZero();

    assertThat(command.err()).isEmpty();
    assertThat(command.out())
        .containsPattern(
            "(?m)^server +127\\.0\\.0\\.1:\\d+ \\(a daemon of ours, started beside\\)$")
        .containsPattern("(?m)^crowd +50 UDP clients on 50 sockets, 0 TCP clients; 3 rounds$")
        .containsPattern("(?m)^upstream +127\\.0\\.0\\.1:\\d+, answers after 50ms, seed 1$")
        .containsPattern("(?m)^answers +150   right 150   wrong 0   missing 0$")
        .containsPattern("(?m)^upstream queries +3   for a name: min 1   median 1   max 1$")
        .containsPattern("(?m)^to be guessed +1 pair of port and ID")
        .containsPattern("(?m)^verdict +good: ");
  }

  @ParameterizedTest
  @CsvSource({"2udp+1tcp, 2, 1, 300", "2udp+2tcp, 2, 2, 400"})
  void aHundredMoleculesOfTwoTransportsMakeAHundredUpstreamQueries(
      String molecule, int udp, int tcp, int right) {
    assertThat(
            command.run(
                "stampede",
                "--molecules=100",
                "--molecule=" + molecule,
                "--delay=5ms",
                "--timeout=1m",
                "--json"))
        .isZero();

    assertThat(command.out())
        .contains("\"clients\":{\"udp\":" + udp + ",\"tcp\":" + tcp + ",")
        .contains("\"rounds\":100,\"roundsWanted\":100")
        .contains("\"right\":" + right + ",\"wrong\":0,\"missing\":0")
        .contains("\"queries\":100,\"queriesAllowed\":100")
        .contains("\"askers\":1")
        .endsWith("\"complaints\":[],\"exitCode\":0}\n");
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void aSignalInTheMiddleEndsItWithTheWholeRounds(String signal, int status) {
    command.terminal = true;
    command.whenWritten =
        () -> {
          if (command.out().contains("round 2 of")) {
            command.whenWritten = () -> {};
            command.raise(signal);
          }
        };
    assertThat(command.run("stampede", "--clients=6", "--rounds=100000", "--delay=1ms", "--json"))
        .isEqualTo(status);
    assertThat(command.out())
        .contains("\"rounds\":2,\"roundsWanted\":100000")
        .contains("\"questions\":12,\"answers\":12,\"right\":12")
        .endsWith("\"exitCode\":" + status + "}\n");
    assertThat(command.err()).isEmpty();
  }

  @Test
  void aSignalAmongMoleculesKeepsTheWholeOnes() {
    command.terminal = true;
    command.whenWritten =
        () -> {
          if (command.out().contains("round 3 of")) {
            command.whenWritten = () -> {};
            command.raise("INT");
          }
        };
    assertThat(command.run("stampede", "--molecules=30000", "--delay=1ms")).isEqualTo(130);
    assertThat(command.out())
        .contains("2 UDP clients on 2 sockets, 1 TCP client; 3 rounds of 30,000, then stopped")
        .contains("answers           9   right 9   wrong 0   missing 0");
  }

  @ParameterizedTest
  @CsvSource({"--json", "--once"})
  void aSignalBeforeTheFirstRoundLeavesAnEmptyCard(String option) {
    command.whenTaken =
        name -> {
          if (name.equals("INT")) {
            command.raise("INT");
          }
        };
    assertThat(command.run("stampede", option)).isEqualTo(130);
    assertThat(command.out())
        .contains(
            option.equals("--json")
                ? "\"questions\":0,\"answers\":0,"
                : "verdict           none, for no round was whole");
  }

  @Test
  void aSignalWhileAServerIsTriedOutLeavesAnEmptyCard() {
    try (StubNameServer stub = StubNameServer.start()) {
      stub.otherwise().silent();
      Thread raiser =
          new Thread(
              () -> {
                try {
                  stub.awaitQueries(1);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                command.raise("TERM");
              });
      raiser.start();
      assertThat(command.run("stampede", "--server", Addresses.format(stub.address())))
          .isEqualTo(143);
      assertThat(command.out()).contains("verdict           none, for no round was whole");
      assertThat(command.err().lines()).singleElement().asString().contains("listens on");
    }
  }

  @Test
  void progressIsForATerminalAlone() {
    String[] words = {"stampede", "--clients=2", "--rounds=2", "--warm-up=1", "--delay=1ms"};
    assertThat(command.run(words)).isZero();
    assertThat(command.out()).doesNotContain("\u001b", "\r");
    CommandRun seen = new CommandRun();
    seen.terminal = true;
    assertThat(seen.run(words)).isZero();
    assertThat(seen.out())
        .contains("\r\u001b[Kround 1 of 2: 2 of 2 right, upstream queries 1, last answer ")
        .contains("\r\u001b[Kround 2 of 2: ")
        .contains("\r\u001b[Kserver  ");
    assertThat(seen.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--clients=0 | --clients: 0 (expected: 1 to 100000)",
        "--clients=-1 | --clients: -1 (expected: 1 to 100000)",
        "--clients=many | --clients: many (expected: 1 to 100000)",
        "--clients=99999999999999999999999 | 99999999999999999999999 (expected: 1 to 100000)",
        "--clients=1000 --molecule=2udp+1tcp | (expected: a multiple of 3, such as 1002)",
        "--clients=65537 --sockets=1 | --sockets: 1 (expected: 2 to 100000)",
        "--sockets=0 | --sockets: 0 (expected: 1 to 100000)",
        "--rounds=100001 | --rounds: 100001 (expected: 1 to 100000)",
        "--warm-up=-1 | --warm-up: -1 (expected: 0 to 1000)",
        "--molecule=water | --molecule: \"water\" (expected: numbers of udp and tcp",
        "--molecule=100000udp+1tcp | --molecule: \"100000udp+1tcp\" (expected: 1 to 100000",
        "--molecules=33334 | --molecules: 33334 (expected: 1 to 33333)",
        "--molecules=3 --clients=3 | nothing to say for --clients",
        "--faults=drip=5% | --faults: \"drip=5%\" (expected: KIND=PERCENT%",
        "--faults=drop=101% | --faults: 101% in all (expected: 100% at most)",
        "--faults=drop@0 | --faults: drop@0 (expected: a round from 1)",
        "--faults=drop@4 --rounds=3 | --faults: drop@4 (expected: a round from 1 to 3)",
        "--faults=drop@4,slow@4 | --faults: slow@4 (expected: a round without a fault",
        "--faults=drop@1 --delay=801ms | --delay: 801ms (expected: with --faults at most 800ms",
        "--delay=2001ms | --delay: 2001ms (expected: 0s to 2s)",
        "--delay=-1s | --delay: \"-1s\" (expected: a duration",
        "--timeout=99ms | --timeout: 99ms (expected: 100ms to 1m)",
        "--timeout=1s --delay=1s | --timeout: 1s (expected: more than --delay, which is 1s)",
        "--seed=x | --seed: x (expected: -9223372036854775808 to 9223372036854775807)",
        "--server=here | --server: \"here\" (expected: an IP address",
        "--server=127.0.0.1:0 | --server: 127.0.0.1:0 (expected: a port from 1)",
        "--upstream-listen=there | --upstream-listen: \"there\" (expected: an IP address",
      })
  void wrongWordsAreErrorsThatSayWhatIsExpected(String options, String message) {
    List<String> words = new ArrayList<>(List.of("stampede"));
    words.addAll(List.of(options.split(" ")));
    assertThat(command.run(words.toArray(String[]::new))).isEqualTo(2);
    assertThat(command.err()).startsWith("resolve: ").contains(message);
    assertThat(command.out()).isEmpty();
  }

  @Test
  void withTheLongestDelayAndEveryOtherTryLostAllAreAnswered() {
    assertThat(
            command.run(
                "stampede",
                "--clients=5",
                "--rounds=1",
                "--warm-up=0",
                "--delay=800ms",
                "--timeout=1m",
                "--faults=drop=100%",
                "--json"))
        .isZero();
    assertThat(command.out()).contains("\"right\":5,").contains("\"drop\":2");
  }

  @Test
  void everyFaultOfTheUpstreamIsWeathered() {
    assertThat(
            command.run(
                "stampede",
                "--clients=12",
                "--molecule=2udp+1tcp",
                "--rounds=5",
                "--delay=1ms",
                "--faults=drop@1,servfail@2,truncated@3,wrong-id@4,slow@5",
                "--json"))
        .isZero();

    assertThat(command.out())
        .contains(
            "\"faults\":{\"drop\":1,\"servfail\":1,\"truncated\":1,\"wrong-id\":1,\"slow\":1}")
        .contains("\"questions\":60,\"answers\":60,\"right\":60")
        .contains("\"passed on\":0,");
  }

  @Test
  void aServerThatDoesNotForwardIsNine() {
    try (StubNameServer stub = StubNameServer.start()) {
      String where = Addresses.format(stub.address());
      assertThat(command.run("stampede", "--server", where, "--upstream-listen", "127.0.0.1:0"))
          .isEqualTo(9);
      assertThat(command.err())
          .contains("resolve: our upstream listens on 127.0.0.1:")
          .contains(where + " does not forward to our upstream at 127.0.0.1:")
          .contains("the answer is other rcode");
      assertThat(command.out()).isEmpty();
    }
  }

  @Test
  void anUpstreamThatCannotListenIsOne() {
    try (StubNameServer stub = StubNameServer.start()) {
      String taken = Addresses.format(stub.address());
      assertThat(command.run("stampede", "--upstream-listen", taken)).isEqualTo(1);
      assertThat(command.err()).startsWith("resolve: the upstream cannot listen on " + taken);
    }
  }

  @Test
  void theHelpDocumentsEveryFieldOfTheJson() {
    CommandRun help = new CommandRun();
    assertThat(help.run("stampede", "--help")).isZero();
    command.run("stampede", "--clients", "2", "--rounds", "1", "--delay", "0s", "--json");
    List<String> fields =
        Pattern.compile("\"([\\w-]+)\":")
            .matcher(command.out())
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    assertThat(fields).hasSizeGreaterThan(40);
    assertThat(help.out()).contains(fields);
  }

  @Test
  void tooManySocketsAreAnErrorThatSaysWhatToSet() {
    Limits limits = new Limits(1000, 2000);
    limits.check(750, 0, true);
    limits.check(0, 375, true);
    limits.check(0, 750, false);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> limits.check(0, 376, true))
        .withMessageContaining("1,002 file descriptors")
        .withMessageContaining("the limit is 1,000")
        .withMessageContaining("ulimit -n 1002");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> new Limits(1_000_000, 2000).check(1501, 0, true))
        .withMessageContaining("of 2,000 there are 1,500 to spare")
        .withMessageContaining("net.ipv4.ip_local_port_range");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> new Limits(1_000_000, 2000).check(0, 1501, true))
        .withMessageContaining("1,501 TCP connections");
    new Limits(1_000_000, 2000).check(1500, 1500, true);
  }

  @Test
  void limitsAreReadFromTheKernel(@TempDir Path proc) throws IOException {
    Limits unknown = Limits.ofProc(proc);
    unknown.check(100_000, 100_000, true);
    Files.createDirectories(proc.resolve("self"));
    Files.createDirectories(proc.resolve("sys/net/ipv4"));
    Files.writeString(
        proc.resolve("self/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96433                96433                processes
        Max open files            1024                 524288               files
        """);
    Files.writeString(proc.resolve("sys/net/ipv4/ip_local_port_range"), "32768\t60999\n");
    Limits read = Limits.ofProc(proc);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read.check(1000, 0, true))
        .withMessageContaining("the limit is 1,024");
  }
}
