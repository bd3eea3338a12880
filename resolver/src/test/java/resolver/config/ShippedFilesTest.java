package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import resolver.settings.SettingException;

/** The settings files that are shipped load, and say what is so. */
class ShippedFilesTest {
  private static final Path CONF = Path.of("..", "conf");
  private static final Path EXAMPLE = CONF.resolve("resolver.toml");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(CONF)) {
      return files.filter(file -> file.toString().endsWith(".toml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileLoadsWithoutDoubt(Path file) {
    assertThat(SettingsLoader.load(file, List.of()).warnings()).isEmpty();
  }

  @Test
  void theExampleSaysTheDefaults() {
    assertThat(SettingsLoader.load(EXAMPLE, List.of()).settings()).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void theExampleSaysEverySettingInTheOrderOfTheRecords() throws IOException {
    TomlParseResult example = Toml.parse(EXAMPLE);

    assertThat(example.dottedKeySet())
        .containsExactlyInAnyOrderElementsOf(Settings.DEFAULTS.entries().keySet());
    List<Integer> lines =
        Settings.DEFAULTS.entries().keySet().stream()
            .map(key -> example.inputPositionOf(key).line())
            .toList();
    assertThat(lines).isSorted();
  }

  @Test
  void theExampleSaysValuesTheWayTheyAreWritten() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLE);

    for (Map.Entry<String, String> entry : Settings.DEFAULTS.entries().entrySet()) {
      assertThat(lines).contains(name(entry.getKey()) + " = " + entry.getValue());
    }
  }

  /** The record is asked for its range by a value that no range has. */
  @Test
  void theExampleSaysTheRangeOfEverySettingThatHasOne() throws IOException {
    TomlParseResult example = Toml.parse(EXAMPLE);
    List<String> lines = Files.readAllLines(EXAMPLE);
    int ranges = 0;

    for (Schema.Key key : Schema.KEYS) {
      Class<?> type = key.component().getType();
      if (type == int.class || type == long.class || type == Duration.class) {
        String range = rangeOf(key, type);
        int line = example.inputPositionOf(key.dotted()).line() - 1;
        assertThat(commentAbove(lines, line)).as(key.dotted()).contains(range);
        ranges++;
      }
    }
    assertThat(ranges).isPositive();
  }

  @Test
  void everySettingOfTheExampleHasAReason() throws IOException {
    TomlParseResult example = Toml.parse(EXAMPLE);
    List<String> lines = Files.readAllLines(EXAMPLE);

    for (String key : Settings.DEFAULTS.entries().keySet()) {
      int line = example.inputPositionOf(key).line() - 1;
      assertThat(commentAbove(lines, line).lines()).as(key).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void linesOfTheExampleFitATerminal() throws IOException {
    assertThat(Files.readAllLines(EXAMPLE)).allSatisfy(l -> assertThat(l).hasSizeLessThan(101));
  }

  private static String rangeOf(Schema.Key key, Class<?> type) {
    Object low = type == int.class ? (Object) Integer.MIN_VALUE : (Object) Long.MIN_VALUE;
    Object high = type == int.class ? (Object) Integer.MAX_VALUE : (Object) Long.MAX_VALUE;
    if (type == Duration.class) {
      low = Duration.ofDays(-1);
      high = Duration.ofDays(100_000);
    }
    String range = refusalOf(key, low);
    assertThat(refusalOf(key, high)).isEqualTo(range);
    return range;
  }

  /** Every number has a range with two ends, or the reading of numbers could not narrow them. */
  private static String refusalOf(Schema.Key key, Object value) {
    Schema.Table table = Objects.requireNonNull(Schema.table(key.table()));
    SettingException e =
        catchThrowableOfType(
            SettingException.class, () -> table.with(Settings.DEFAULTS, Map.of(key, value)));
    assertThat(e).as("%s = %s", key.dotted(), value).isNotNull();
    assertThat(e.setting()).isEqualTo(key.name());
    return e.expected();
  }

  private static String commentAbove(List<String> lines, int line) {
    int first = line;
    while (lines.get(first - 1).startsWith("#")) {
      first--;
    }
    return String.join("\n", lines.subList(first, line));
  }

  private static String name(String dotted) {
    return dotted.substring(dotted.indexOf('.') + 1);
  }
}
