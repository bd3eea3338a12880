package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Screens held against the text that they were found good as. */
class TopScreenTest {
  private static final Paint PLAIN = new Paint(false);

  @ParameterizedTest
  @CsvSource({"80, 24", "120, 40", "40, 16", "20, 5"})
  void theScreenOfEachSize(int width, int height) throws IOException {
    List<String> lines = screen(width, height, PLAIN);
    String golden = text("screen-" + width + "x" + height + ".txt");
    assertThat(String.join("\n", lines) + "\n").isEqualTo(golden);
  }

  @Test
  void atNoSizeIsItLargerThanTheTerminal() throws IOException {
    for (int width = 20; width < 140; width += 7) {
      for (int height = 1; height < 60; height++) {
        int most = width;
        assertThat(screen(width, height, PLAIN))
            .hasSizeLessThanOrEqualTo(height)
            .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(most));
      }
    }
  }

  @Test
  void coloursChangeNoLetter() throws IOException {
    List<String> painted = screen(80, 24, new Paint(true));
    assertThat(painted.get(0)).startsWith("\u001b[1m");
    assertThat(painted.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "")))
        .isEqualTo(screen(80, 24, PLAIN));
  }

  @Test
  void theFirstScreenHasNoRates() throws IOException {
    List<String> lines =
        new TopScreen(json("now.json"), null, new Terminal.Size(80, 6), ZoneOffset.UTC, PLAIN)
            .lines();
    assertThat(lines.get(1)).isEqualTo("- queries/s  - hits  - merged  - upstream/s");
    assertThat(lines.get(3)).isEqualTo("rates follow with the next screen");
  }

  private static List<String> screen(int width, int height, Paint paint) throws IOException {
    Terminal.Size size = new Terminal.Size(width, height);
    return new TopScreen(json("now.json"), json("before.json"), size, ZoneOffset.UTC, paint)
        .lines();
  }

  private static JsonObject json(String name) throws IOException {
    return JsonParser.parseString(text(name)).getAsJsonObject();
  }

  private static String text(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TopScreenTest.class.getResourceAsStream("top/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
