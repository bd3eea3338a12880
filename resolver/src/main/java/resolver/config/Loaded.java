package resolver.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings and how they came to be.
 *
 * @param settings what holds
 * @param file the file that was read, if any
 * @param warnings what is allowed but hardly meant, a sentence each
 */
public record Loaded(Settings settings, @Nullable Path file, List<String> warnings) {
  /** Copies the list. */
  public Loaded {
    warnings = List.copyOf(warnings);
  }

  /** The file as a person reads it. */
  public String source() {
    return file == null ? "none, built-in defaults" : file.toString();
  }
}
