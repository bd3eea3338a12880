package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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
        .containsPattern("(?m)^to be guessed +1 pairs")
        .containsPattern("(?m)^verdict +good: ");
  }

  @Test
  void moleculesOfTwoTransportsShareTheirFlights() {
    assertThat(command.run("stampede", "--molecules", "10", "--delay", "10ms", "--json")).isZero();

    assertThat(command.out())
        .contains("\"clients\":{\"udp\":2,\"tcp\":1,\"udpSockets\":2},\"rounds\":10")
        .contains("\"right\":30,\"wrong\":0,\"missing\":0")
        .contains("\"queries\":10,\"queriesAllowed\":10")
        .contains("\"askers\":1")
        .endsWith("\"complaints\":[],\"exitCode\":0}\n");
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
        .contains("\"passed on\":12");
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
          .contains("the answer is failed");
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
        .withMessageContaining("there are 2,000")
        .withMessageContaining("net.ipv4.ip_local_port_range");
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
