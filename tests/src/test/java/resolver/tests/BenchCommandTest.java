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

/** {@code tests/bench/run} as far as it can be tried without measuring anything. */
class BenchCommandTest {
  private static final Path BENCH = Ran.ROOT.resolve("tests/bench");

  @Test
  void tellsOfItselfAndLeavesNothingBehind() throws Exception {
    Ran ran = run("--help");

    assertThat(ran.status()).as(ran.said()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .anyMatch(line -> line.contains("cached names over UDP"))
        .anyMatch(line -> line.contains("apt-get install dnsperf nsd"))
        .allMatch(line -> line.length() <= 100);
    assertThat(BENCH.resolve("__pycache__")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--scenarios hit,mis          | argument --scenarios: mis (expected: hit, tcp, lat, miss",
        "--peers unbound,unbind       | argument --peers: unbind (expected: resolve, unbound,",
        "--peers old=/nonexistent     | argument --peers: /nonexistent (expected: a launcher",
        "--rounds 0                   | argument --rounds: 0 (expected: a whole number from 1 on)",
        "--seconds 0                  | argument --seconds: 0 (expected: more than 0)",
        "--warm -1                    | argument --warm: -1 (expected: a number like 5 or 0.5)",
        "--pause ten                  | argument --pause: ten (expected: a number like 5 or 0.5)",
        "--scale --bytes              | argument --bytes: not allowed with argument --scale",
        "hit                          | unrecognized arguments: hit",
      })
  void aMistakeIsToldWithWhatWasExpected(String words, String error) throws Exception {
    Ran ran = run(words.split(" "));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().get(ran.err().size() - 1)).startsWith("tests/bench/run: error: " + error);
  }

  @Test
  void whatIsMissingIsToldWithItsPackage() throws Exception {
    Ran ran = run();

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .containsExactly("run: dnsperf is missing (Debian: apt-get install dnsperf)");
  }

  /** Runs it where none of the programs that it needs is found. */
  private static Ran run(String... arguments) throws Exception {
    Path python = Path.of("/usr/bin/python3");
    Programs.need(python.toString(), Files.isExecutable(python));
    List<String> command = new ArrayList<>(List.of(python.toString(), BENCH + "/run"));
    command.addAll(List.of(arguments));
    return Ran.of(command, Map.of("PATH", "/nonexistent"));
  }
}
