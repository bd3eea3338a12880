package resolver.config;

import java.util.List;

/**
 * A setting given on the command line; it holds instead of the file's.
 *
 * @param name the flag as errors call it, such as {@code --cache-size}
 * @param key the dotted name of the setting, such as {@code cache.size}
 * @param values what the uses of the flag gave, in order; not empty
 */
public record Flag(String name, String key, List<String> values) {
  /** Copies the list. */
  public Flag {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values: none (expected: at least one)");
    }
  }
}
