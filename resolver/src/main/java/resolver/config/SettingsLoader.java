package resolver.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads settings: the defaults, over them a file, over that the flags. Keeps no state. */
public final class SettingsLoader {
  private SettingsLoader() {}

  /**
   * Loads settings. A file must be right by itself, also where a flag replaces what it says.
   *
   * @param file a TOML file of at most 1 MiB; null for none
   * @param flags what the command line says; the last of several for one key holds
   * @throws SettingsException where anything is wrong; it tells all that is
   */
  public static Loaded load(@Nullable Path file, List<Flag> flags) {
    Settings settings = Settings.DEFAULTS;
    List<Problem> problems = new ArrayList<>();
    if (file != null) {
      Reading reading = new Reading(problems);
      TomlFile.read(file, reading, problems);
      settings = Binder.bind(settings, reading.inputs(), problems);
      problems.sort(Comparator.comparingInt(Problem::line));
    }
    if (!flags.isEmpty()) {
      Reading reading = new Reading(problems);
      flags.forEach(reading::takeFlag);
      settings = Binder.bind(settings, reading.inputs(), problems);
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new Loaded(settings, file, Doubts.about(settings));
  }
}
