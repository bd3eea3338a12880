package resolver.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the daemon where it is as plain as a unit file has it, read without the
 * parser's library, which is most of the start. Whatever is not plain, mistakes among it, is left
 * to the library: this reads less than that does, and nothing otherwise.
 */
final class PlainServe {
  private PlainServe() {}

  /**
   * Reads {@code serve} and options with their values, in two words or joined by an equals sign.
   *
   * @return null where the library must see to it
   */
  static @Nullable ServeCommand parse(Surroundings surroundings, String... args) {
    if (args.length == 0 || !args[0].equals("serve")) {
      return null;
    }
    ServeCommand serve = new ServeCommand(surroundings);
    int i = 1;
    while (i < args.length) {
      int equals = args[i].startsWith("--") ? args[i].indexOf('=') : -1;
      String option = equals < 0 ? args[i] : args[i].substring(0, equals);
      int last = equals < 0 ? i + 1 : i;
      String value = last < args.length ? args[last].substring(equals + 1) : "";
      // One that begins with a dash may be the next option, its value forgotten.
      if (value.isEmpty() || value.startsWith("-") || !take(serve, option, value)) {
        return null;
      }
      i = last + 1;
    }
    return serve;
  }

  private static boolean take(ServeCommand serve, String option, String value) {
    switch (option) {
      case "-l", "--listen" -> serve.listen.add(value);
      case "-u", "--upstream" -> serve.upstream.add(value);
      case "-c", "--config" -> {
        Path path = path(value);
        if (serve.config != null || path == null) {
          return false;
        }
        serve.config = path;
      }
      case "--cache-size" -> {
        if (serve.cacheSize != null) {
          return false;
        }
        serve.cacheSize = value;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Path path(String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
