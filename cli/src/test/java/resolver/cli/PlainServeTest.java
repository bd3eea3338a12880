package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import resolver.config.Flag;
import resolver.config.SettingsException;
import resolver.config.SettingsLoader;

/** What is read without the library is what the library would read. */
class PlainServeTest {
  /** What was asked of the settings, which then cannot be had, so that nothing is served. */
  private record Asked(@Nullable Path file, List<Flag> flags) {}

  private static final List<Flag> WRONG =
      List.of(new Flag("--cache-size", "cache.size", List.of("much")));

  private final List<Asked> asked = new ArrayList<>();
  private final Surroundings surroundings =
      new Surroundings(
          new PrintStream(PrintStream.nullOutputStream()),
          new PrintStream(PrintStream.nullOutputStream()),
          Map.of(),
          false,
          (file, flags) -> {
            asked.add(new Asked(file, flags));
            return SettingsLoader.load(null, WRONG);
          },
          settings -> {
            throw new AssertionError("nothing is asked here");
          });

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "serve --config /a/b.toml",
        "serve -c b.toml",
        "serve --config=/a=b/c",
        "serve --listen 127.0.0.1:53 --listen [::1]:53",
        "serve --listen=127.0.0.1 -l *",
        "serve --upstream 192.0.2.53 -u [2001:db8::53]:5353 --cache-size 1.5GiB",
        "serve --cache-size=64MiB --upstream=auto --config x -l a",
      })
  void whatIsPlainIsReadAsTheLibraryReadsIt(String words) throws Exception {
    String[] args = words.split(" ");

    ServeCommand plain = Objects.requireNonNull(PlainServe.parse(surroundings, args));
    CommandLine library = Commands.whole(surroundings);
    library.execute(args);
    try {
      plain.call();
    } catch (SettingsException e) {
      // as they are made here
    }

    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).isEqualTo(asked.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query example.org",
        "--short serve",
        "serve --help",
        "serve -h",
        "serve --version",
        "serve 53",
        "serve --",
        "serve --listen",
        "serve --listen=",
        "serve --listen --upstream 192.0.2.1",
        "serve --listen -l",
        "serve --cach-size 1MiB",
        "serve --cache-size 1MiB --cache-size 2MiB",
        "serve -c a --config b",
        "serve -l=127.0.0.1",
        "serve -l127.0.0.1",
        "serve @file",
      })
  void whatIsNotPlainIsLeftToTheLibrary(String words) {
    assertThat(PlainServe.parse(surroundings, words.split(" "))).isNull();
  }

  @Test
  void noWordsAreLeftToTheLibraryToo() {
    assertThat(PlainServe.parse(surroundings)).isNull();
    assertThat(PlainServe.parse(surroundings, "serve", "--listen", "")).isNull();
  }

  @Test
  void settingsThatAreWrongAreToldWithoutTheLibrary() {
    assertThat(Main.run(surroundings, "serve", "--cache-size", "much")).isEqualTo(ExitCode.USAGE);
  }
}
