package resolver.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the settings file is. */
public final class SettingsFile {
  /** The variable of the environment that names a file. */
  public static final String VARIABLE = "RESOLVER_CONFIG";

  private static final Path USUAL = Path.of("/etc/resolver/resolver.toml");

  private SettingsFile() {}

  /**
   * Finds the file: the one that {@code --config} names, else the one that the environment names,
   * else the usual one if it is there. One that is named need not exist: loading it tells that.
   *
   * @param given what {@code --config} names; null where it is not used
   * @param environment the variables of the process
   * @return null where there is none and the defaults hold
   * @throws SettingsException where the environment names what cannot be a file
   */
  public static @Nullable Path find(@Nullable Path given, Map<String, String> environment) {
    return find(given, environment, USUAL);
  }

  static @Nullable Path find(@Nullable Path given, Map<String, String> environment, Path usual) {
    if (given != null) {
      return given;
    }
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return path(named);
    }
    // A file that may not be looked at is not absent: loading it tells why.
    return Files.notExists(usual) ? null : usual;
  }

  private static Path path(String named) {
    try {
      return Path.of(named);
    } catch (InvalidPathException e) {
      throw new SettingsException(
          List.of(Problem.ofText(VARIABLE, 0, Raw.tell(named), "the path of a file")));
    }
  }
}
