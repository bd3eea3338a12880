package resolver.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import resolver.config.Loaded;
import resolver.config.Settings;

/** {@code resolve check}: validates a settings file. */
@Command(
    name = "check",
    header = "Validate a settings file.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve check|@ FILE",
    descriptionHeading = "%n",
    description = {
      "Reads a settings file as serve would, without starting anything. Prints OK and every setting"
          + " as it would be in force, those that differ from the default marked with *, behind"
          + " warnings of what is allowed but hardly meant; or else all that is wrong with the file, with the line, what was found and what is expected."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the file can be used", "2:it cannot", "10:a defect of this program"},
    footerHeading = "%nExample:%n",
    footer = {"  resolve check conf/resolver.toml && systemctl reload resolver"})
final class CheckCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "The settings file (TOML).")
  private Path file = Path.of("");

  CheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Loaded loaded = surroundings.settings().load(file, List.of());
    Settings settings = loaded.settings();
    surroundings.out().println("OK: " + file);
    loaded.warnings().forEach(warning -> surroundings.out().println("warning: " + warning));
    Set<String> changed =
        Settings.changes(Settings.DEFAULTS, settings).stream()
            .map(Settings.Change::key)
            .collect(Collectors.toSet());
    Map<String, String> entries = settings.entries();
    int width = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
    entries.forEach(
        (key, value) ->
            surroundings
                .out()
                .println(
                    (changed.contains(key) ? "* " : "  ")
                        + key
                        + " ".repeat(width - key.length())
                        + "  "
                        + value));
    return ExitCode.ANSWERED;
  }
}
