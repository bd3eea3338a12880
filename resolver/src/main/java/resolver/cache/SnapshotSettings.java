package resolver.cache;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import resolver.settings.Checks;
import resolver.settings.Directories;
import resolver.settings.SettingException;

/**
 * Settings of what is kept of the cache while the daemon does not run.
 *
 * @param file where it is kept; "auto" for {@code cache} in the directory that systemd gives the
 *     service for its state, where there is one; empty for nowhere
 * @param every how often it is written while the daemon runs, 10 s to 1 d; it is written at every
 *     stop, too
 */
public record SnapshotSettings(String file, Duration every) {
  /** What holds when nothing is set. */
  public static final SnapshotSettings DEFAULTS =
      new SnapshotSettings("auto", Duration.ofMinutes(5));

  private static final String AUTO = "auto";

  /** Checks path and range. */
  public SnapshotSettings {
    if (!file.isEmpty() && !file.equals(AUTO) && !Directories.isAbsolute(file)) {
      throw new SettingException(
          "file", file, "an absolute path, \"auto\", or \"\" for no snapshot");
    }
    Checks.range("every", every, Duration.ofSeconds(10), Duration.ofDays(1));
  }

  /**
   * Where it is kept, if it is.
   *
   * @param environment where systemd says which directories are the service's (systemd.exec(5))
   */
  public Optional<Path> path(Map<String, String> environment) {
    if (file.equals(AUTO)) {
      return Directories.ofService("STATE_DIRECTORY", environment).map(at -> at.resolve("cache"));
    }
    return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
  }
}
