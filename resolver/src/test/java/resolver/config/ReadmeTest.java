package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's table of settings is the truth. */
class ReadmeTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z0-9.-]+)`(?: \\(live\\))? \\| `(.+)` \\|$");

  @Test
  void everySettingStandsInTheReadmeWithItsDefault() throws IOException {
    Map<String, String> told = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("..", "README.md")));
    while (row.find()) {
      told.put(row.group(1), row.group(2));
    }
    assertThat(told).isEqualTo(Settings.DEFAULTS.entries());
  }
}
