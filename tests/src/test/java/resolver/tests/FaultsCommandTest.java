package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resolver.fixtures.Programs;

/** {@code tests/bench/faults}: what it says, and one short run of each kind. */
class FaultsCommandTest {
  /** It takes some seconds, and far longer on a machine with other things to do. */
  private static final int PATIENCE_SECONDS = 50;

  private static final Path BENCH = Ran.ROOT.resolve("tests/bench");

  @Test
  void tellsOfItselfAndLeavesNothingBehind() throws Exception {
    Ran ran = run(Map.of("PATH", "/nonexistent"), "--help");

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .anyMatch(line -> line.contains("the first resets TCP"))
        .anyMatch(line -> line.contains("apt-get install nsd"))
        .allMatch(line -> line.length() <= 100);
    assertThat(BENCH.resolve("__pycache__")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--faults loss10,los      | argument --faults: los (expected: none, loss1, loss10, loss30,",
        "--peers unbound,knot     | argument --peers: knot (expected: resolve, unbound, dnsmasq,",
        "--launcher /nonexistent  | argument --launcher: /nonexistent (expected: a launcher of",
        "--rate 0                 | argument --rate: 0 (expected: a whole number from 1 on)",
        "--seconds 0              | argument --seconds: 0 (expected: more than 0)",
        "--kill slow              | argument --kill: invalid choice: 'slow'",
        "--kill-all --hedging     | argument --hedging: not allowed with argument --kill-all",
      })
  void aMistakeIsToldWithWhatWasExpected(String words, String error) throws Exception {
    Ran ran = run(Map.of("PATH", "/nonexistent"), words.split(" "));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().get(ran.err().size() - 1))
        .startsWith("tests/bench/faults: error: " + error);
  }

  @Test
  void printsOneTable() throws Exception {
    Programs.need("nsd");
    Ran ran = run(Map.of(), "--quick", "--faults", "none,dead1", "--warm", "0");

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.out().get(0)).contains("seed 1, 100 queries/s; resolve ");
    assertThat(ran.out().get(1)).matches("fault +peer +asked +answered .+ upstream/query");
    assertThat(ran.out().get(2)).matches("none +resolve +100 +100\\.00% +0 +0 .+ 1\\.\\d\\d");
    assertThat(ran.out().get(3)).matches("dead1 +resolve +100 +100\\.00% +0 +0 .+");
  }

  @Test
  void printsATableForAReadmeOfSeveralThatAreMeasuredTogether() throws Exception {
    Programs.need("nsd");
    Programs.need("unbound");
    String[] words = "--quick --markdown --faults none --warm 0 --peers resolve,unbound".split(" ");
    Ran ran = run(Map.of(), words);

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.out())
        .contains("| fault | resolve | unbound |", "| --- | --- | --- |")
        .anyMatch(line -> line.matches("\\| `none` (\\| 100\\.0%, [0-9.]+, [0-9,]+ ){2}\\|"));
  }

  @Test
  void tellsWhatFollowsFromAnOutage() throws Exception {
    Programs.need("nsd");
    Ran ran = run(Map.of(), "--quick", "--kill-all", "--warm", "0", "--kill", "closed");

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.out())
        .anyMatch(line -> line.matches("resolve +600 +0 .+"))
        .anyMatch(line -> line.matches("ok +resolve: 0 of 600 clients waited 5 s for nothing .+"));
  }

  private static Ran run(Map<String, String> environment, String... arguments) throws Exception {
    Path python = Path.of("/usr/bin/python3");
    Programs.need(python.toString(), Files.isExecutable(python));
    List<String> command = new ArrayList<>(List.of(python.toString(), BENCH + "/faults"));
    command.addAll(List.of(arguments));
    return Ran.of(command, environment, PATIENCE_SECONDS);
  }
}
