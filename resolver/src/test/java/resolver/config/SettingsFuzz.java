package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Any octets as a settings file: they give settings, or a list of problems that can be shown on a
 * terminal without harm.
 */
public final class SettingsFuzz {
  private static final Path FILE = newFile();

  private SettingsFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    write(data);
    try {
      Loaded loaded = SettingsLoader.load(FILE, List.of());
      assertThat(loaded.settings()).isNotNull();
      loaded.warnings().forEach(SettingsFuzz::assertHarmless);
    } catch (SettingsException e) {
      assertThat(e.problems()).isNotEmpty();
      e.problems().forEach(problem -> assertHarmless(problem.toString()));
    }
  }

  /** No character moves the cursor, colours the screen or turns the direction of the text. */
  private static void assertHarmless(String line) {
    assertThat(line.codePoints())
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
  }

  private static Path newFile() {
    try {
      Path file = Files.createTempFile("settings", ".toml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(byte[] data) {
    try {
      Files.write(FILE, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
