package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @Test
  void equalSettingsHaveNoChanges() {
    assertThat(Settings.changes(Settings.DEFAULTS, with("cache.size", "64MiB"))).isEmpty();
  }

  @Test
  void changesTellKeyAndBothValuesInTheOrderOfTheSections() {
    Settings after =
        SettingsLoader.load(
                null,
                List.of(
                    new Flag("--log", "log.level", List.of("warn")),
                    new Flag("--upstream", "upstream.servers", List.of("192.0.2.1")),
                    new Flag("--max-ttl", "cache.max-ttl", List.of("90s")),
                    new Flag("--cache-size", "cache.size", List.of("1GiB"))))
            .settings();

    assertThat(Settings.changes(Settings.DEFAULTS, after))
        .map(Settings.Change::toString)
        .containsExactly(
            "cache.size: \"64MiB\" -> \"1GiB\"",
            "cache.max-ttl: \"1d\" -> \"90s\"",
            "upstream.servers: \"auto\" -> [\"192.0.2.1:53\"]",
            "log.level: \"info\" -> \"warn\"");
    assertThat(
            Settings.changesThatNeedRestart(
                Settings.DEFAULTS, after, Set.of("cache.max-ttl", "upstream.servers")))
        .map(Settings.Change::key)
        .containsExactly("cache.size", "log.level");
  }

  @Test
  void secretsAreToldNeitherInListingsNorInChanges() {
    Settings before = with("query-log.client-key", "the first of ours");
    Settings after = with("query-log.client-key", "the other of ours");

    assertThat(before.entries()).containsEntry("query-log.client-key", "\"not told\"");
    assertThat(before.toString()).doesNotContain("of ours");
    assertThat(Settings.changes(before, after))
        .map(Settings.Change::toString)
        .containsExactly("query-log.client-key: \"not told\" -> \"not told\"");
  }

  @Test
  void entriesAreAFileThatSaysTheSame(@TempDir Path directory) throws IOException {
    for (Settings settings :
        List.of(
            Settings.DEFAULTS, with("upstream.servers", "192.0.2.1"), with("log.level", "warn"))) {
      StringBuilder text = new StringBuilder();
      settings.entries().forEach((key, value) -> text.append(key + " = " + value + "\n"));
      Path file = Files.writeString(directory.resolve("resolver.toml"), text);

      assertThat(SettingsLoader.load(file, List.of()).settings()).isEqualTo(settings);
    }
  }

  @Test
  void namesAreThoseOfTheRecordsInKebabCase() {
    assertThat(Settings.DEFAULTS.entries())
        .containsKeys(
            "server.listen",
            "server.tcp-connections-per-client",
            "cache.max-negative-ttl",
            "lookup.max-detached",
            "upstream.try-timeout",
            "log.level");
  }

  @Test
  void theLeastLifeIsNotLongerThanTheMost() {
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    null,
                    List.of(
                        new Flag("--set", "cache.min-ttl", List.of("61s")),
                        new Flag("--set", "cache.max-ttl", List.of("1m")))))
        .hasMessageContaining(
            "cache.min-ttl: \"61s\" (expected: at most cache.max-ttl, which is 1m)");
  }

  private static Settings with(String key, String value) {
    return SettingsLoader.load(null, List.of(new Flag("--set", key, List.of(value)))).settings();
  }
}
