package resolver.daemon;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resolver.config.Flag;
import resolver.config.Settings;
import resolver.config.SettingsException;
import resolver.config.SettingsLoader;
import resolver.daemon.ScenarioMessage.Told;

/**
 * Reads scenario files, whose language README.txt beside them tells. A line that it does not tell
 * of is an error, wherever it stands and whether or not it is ever played.
 */
final class ScenarioFile {
  private final List<Scenario> scenarios = new ArrayList<>();
  private final Set<String> titles = new HashSet<>();
  private @Nullable Draft draft;

  /** A scenario of which the end is not known yet. */
  private static final class Draft {
    final ScenarioLine head;
    final String title;
    final Map<String, List<String>> settings = new LinkedHashMap<>();
    final List<Scenario.Step> steps = new ArrayList<>();
    final ScenarioLanguage language = new ScenarioLanguage();

    Draft(ScenarioLine head) {
      this.head = head;
      this.title = head.rest("a title");
    }
  }

  private ScenarioFile() {}

  /**
   * Reads a file.
   *
   * @param name what errors call it
   * @throws IllegalArgumentException where a line is not understood; tells file and line
   */
  static List<Scenario> read(String name, List<String> lines) {
    ScenarioFile file = new ScenarioFile();
    for (int i = 0; i < lines.size(); ) {
      ScenarioLine line = new ScenarioLine(name, i + 1, lines.get(i));
      List<ScenarioLine> records = new ArrayList<>();
      for (i++; i < lines.size() && Told.isOne(lines.get(i)); i++) {
        records.add(new ScenarioLine(name, i + 1, lines.get(i)));
      }
      file.read(line, records);
    }
    file.close();
    return List.copyOf(file.scenarios);
  }

  private void read(ScenarioLine line, List<ScenarioLine> records) {
    if (!line.text().isEmpty() && !line.text().startsWith("#")) {
      if (line.takes("SCENARIO")) {
        begin(line);
      } else {
        step(line, records);
        return;
      }
    }
    if (!records.isEmpty()) {
      throw records.get(0).error("a record", "a line before it that takes records");
    }
  }

  private void begin(ScenarioLine line) {
    close();
    draft = new Draft(line);
    if (!titles.add(draft.title)) {
      throw line.error("a title twice", "a title of its own");
    }
  }

  private void step(ScenarioLine line, List<ScenarioLine> records) {
    Draft current = draft;
    if (current == null) {
      throw line.error("a step of no scenario", "SCENARIO and its title first");
    }
    if (line.takes("SETTINGS")) {
      if (!current.steps.isEmpty()) {
        throw line.error("SETTINGS", "them before all other steps");
      }
      String key = line.word("the name of a setting");
      current.settings.computeIfAbsent(key, k -> new ArrayList<>()).add(line.rest("its value"));
      // Now, so that the error tells this line.
      settings(current, line);
    } else {
      Scenario.Action action = current.language.action(line, records);
      current.steps.add(new Scenario.Step(line.place(), line.text(), action));
    }
  }

  private void close() {
    if (draft != null) {
      if (draft.steps.isEmpty()) {
        throw draft.head.error("no steps", "some");
      }
      Settings settings = settings(draft, draft.head);
      scenarios.add(new Scenario(draft.title, draft.head.number(), settings, draft.steps));
    }
  }

  private static Settings settings(Draft draft, ScenarioLine line) {
    List<Flag> flags = new ArrayList<>();
    draft.settings.forEach((key, values) -> flags.add(new Flag("SETTINGS", key, values)));
    try {
      return SettingsLoader.load(null, flags).settings();
    } catch (SettingsException e) {
      throw line.error(String.valueOf(e.getMessage()), "settings as in the daemon's file");
    }
  }
}
