package resolver.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the files of the service lie. */
public final class Directories {
  private Directories() {}

  /** Whether a text is a path that starts at the root. */
  public static boolean isAbsolute(String path) {
    try {
      return Path.of(path).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * A directory that systemd has made for the service (systemd.exec(5)); empty without one.
   *
   * @param variable tells it: {@code STATE_DIRECTORY} and the like
   */
  public static Optional<Path> ofService(String variable, Map<String, String> environment) {
    // Several are told with a colon in between; the first is the main one.
    String directory = environment.getOrDefault(variable, "").split(":", 2)[0];
    return isAbsolute(directory) ? Optional.of(Path.of(directory)) : Optional.empty();
  }
}
