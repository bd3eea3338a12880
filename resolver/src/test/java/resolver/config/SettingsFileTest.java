package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  private static final Path GIVEN = Path.of("given.toml");

  @TempDir private Path directory;

  @Test
  void theFlagComesFirst() throws IOException {
    assertThat(SettingsFile.find(GIVEN, Map.of("RESOLVER_CONFIG", "named.toml"), usual()))
        .isEqualTo(GIVEN);
  }

  @Test
  void thenComesTheEnvironment() throws IOException {
    assertThat(SettingsFile.find(null, Map.of("RESOLVER_CONFIG", "named.toml"), usual()))
        .isEqualTo(Path.of("named.toml"));
  }

  @Test
  void thenComesTheUsualFileIfItIsThere() throws IOException {
    Path usual = usual();
    assertThat(SettingsFile.find(null, Map.of("RESOLVER_CONFIG", ""), usual)).isEqualTo(usual);
    Files.delete(usual);
    assertThat(SettingsFile.find(null, Map.of(), usual)).isNull();
  }

  @Test
  void whatCannotBeAFileIsAnError() {
    assertThatThrownBy(() -> SettingsFile.find(null, Map.of("RESOLVER_CONFIG", "a\0b")))
        .isInstanceOf(SettingsException.class)
        .hasMessage("RESOLVER_CONFIG: \"a\\u0000b\" (expected: the path of a file)");
  }

  private Path usual() throws IOException {
    return Files.writeString(directory.resolve("resolver.toml"), "");
  }
}
