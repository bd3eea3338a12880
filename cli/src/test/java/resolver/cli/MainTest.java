package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Name;
import resolver.config.SettingsLoader;

class MainTest {
  private final CommandRun command = new CommandRun();

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "query --help", "serve --help", "check --help", "stampede --help"})
  void helpTellsExamplesAndExitCodes(String words) {
    assertThat(command.run(words.split(" "))).isZero();
    assertThat(command.out()).contains("Exit codes", "Options:").doesNotContain("@|", "@@");
    assertThat(command.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(command.err()).isEmpty();
  }

  @Test
  void theHelpOfTheWholeNamesEveryCommandAndExitCode() {
    assertThat(command.run("help")).isZero();
    assertThat(command.out()).contains(Commands.NAMES);
    assertThat(command.out()).contains("  0  ", "  1  ", "  2  ", "  3  ", "  9  ", "  10  ");
    assertThat(command.out()).contains("@[2001:db8::53]:5300", "Default: 5s");
  }

  @Test
  void helpOfACommandMayBeAskedBothWays() {
    CommandRun other = new CommandRun();
    assertThat(command.run("help", "check")).isZero();
    assertThat(other.run("check", "--help")).isZero();
    assertThat(command.out()).isEqualTo(other.out());
  }

  @Test
  void theHelpOfQueryDocumentsEveryFieldOfTheJson() {
    assertThat(command.run("query", "--help")).isZero();
    String json =
        JsonOutput.of(
            Name.root,
            List.of(
                Replies.answer("a.example.", "A", "a.example. 1 IN A 192.0.2.1"),
                Replies.failure("a.example.", "A", 2, new ExtendedErrorCodeOption(22, "x"))),
            0);
    List<String> fields =
        Pattern.compile("\"(\\w+)\":")
            .matcher(json)
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    assertThat(fields).hasSizeGreaterThan(25);
    assertThat(command.out()).contains(fields);
  }

  @Test
  void theVersionTellsCommitAndJava() {
    assertThat(command.run("--version")).isZero();
    assertThat(command.out())
        .matches("resolve \\d+\\.\\d+\\.\\d+\\S* \\(commit \\S+\\)\nJava \\d+\\S* \\(.+, .+\\)\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | what name?",
        "--shrt example.org | unknown option: '--shrt' (did you mean --short?)",
        "--short --json example.org | choose one",
        "--timeout 0 example.org | --timeout",
        "--timeout 2h example.org | expected: 1ms to 1m",
        "--timeout soon example.org | --timeout",
        "--color=pink example.org | auto, always, never",
        "--config | --config",
        "check | FILE",
        "serve 53 | unmatched argument",
        "stampede --clients 0 | --clients: 0 (expected: 1 to 100000)",
        "stampede --clients 10 --molecule 2udp+1tcp | such as 12",
        "stampede --molecule 2dot | 2udp+1tcp",
        "stampede --molecules 3 --rounds 2 | one after another",
        "stampede --faults drip=5% | drop=5% or servfail@3",
        "stampede --faults drop=60%,slow=60% | expected: 100% at most",
        "stampede --delay 3s | expected: 0s to 2s",
        "stampede --timeout 99ms | expected: 100ms to 1m",
        "stampede --server example.org | an IP address"
      })
  void wrongCommandLinesAreTwoAndTellTheWayOut(String words, String message) {
    String[] args = words == null ? new String[0] : words.split(" ");

    assertThat(command.run(args)).isEqualTo(2);

    assertThat(command.out()).isEmpty();
    assertThat(command.err()).startsWith("resolve: ").contains(message).contains("Try 'resolve");
  }

  @Test
  void checkTellsWhatIsInAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.toml");
    Files.writeString(file, "[cache]\nsize = \"32MiB\"\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(real(out, err, "check", file.toString())).isZero();

    assertThat(out.toString(UTF_8))
        .startsWith("OK: " + file + "\n")
        .containsPattern("(?m)^\\* cache\\.size +\"?32MiB\"?$")
        .containsPattern("(?m)^  server\\.listen +.*127\\.0\\.0\\.1:5300");
  }

  @Test
  void checkTellsAllThatIsWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.toml");
    Files.writeString(file, "[cache]\nsiez = \"32MiB\"\nmax-ttl = \"soon\"\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(real(out, err, "check", file.toString())).isEqualTo(2);

    assertThat(err.toString(UTF_8)).contains("siez", "size", "max-ttl", "soon", file + ":2");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void flagsOfServeAreCheckedAsSettings() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(
            real(
                out, err, "serve", "--cache-size", "much", "--listen", "here", "--upstream", "::1"))
        .isEqualTo(2);

    assertThat(err.toString(UTF_8)).contains("--cache-size", "much", "--listen", "here");
  }

  @Test
  void settingsThatCannotBeUsedAreTwoForAQuery() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(real(out, err, "example.org", "--config", "/nonexistent/a.toml")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("/nonexistent/a.toml");
  }

  @Test
  void completionKnowsCommandsOptionsAndTypes() {
    assertThat(command.run("completion")).isZero();
    assertThat(command.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F _complete_resolve", "query serve check doctor stampede completion help")
        .contains("--cache-size", "--no-recurse", "HTTPS");
  }

  @Test
  void aDefectIsTenAndOneLineWithAHint() {
    Surroundings broken = broken(Map.of());

    assertThat(Main.run(broken, "example.org")).isEqualTo(10);

    assertThat(brokenErr.toString(UTF_8))
        .startsWith("resolve: internal error: java.lang.IllegalStateException: broken\n")
        .contains("RESOLVE_DEBUG=1")
        .doesNotContain("\tat ");
  }

  @Test
  void aDefectTellsWhereOnDemand() {
    assertThat(Main.run(broken(Map.of("RESOLVE_DEBUG", "1")), "example.org")).isEqualTo(10);
    assertThat(brokenErr.toString(UTF_8)).contains("\tat ");
  }

  private final ByteArrayOutputStream brokenErr = new ByteArrayOutputStream();

  private Surroundings broken(Map<String, String> environment) {
    return new Surroundings(
        new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
        new PrintStream(brokenErr, true, UTF_8),
        environment,
        false,
        (file, flags) -> {
          throw new IllegalStateException("broken");
        },
        settings -> {
          throw new AssertionError();
        });
  }

  private static int real(ByteArrayOutputStream out, ByteArrayOutputStream err, String... args) {
    return Main.run(
        new Surroundings(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of(),
            false,
            SettingsLoader::load,
            settings -> {
              throw new AssertionError();
            }),
        args);
  }
}
