package resolver.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import resolver.settings.SettingException;

/**
 * Puts values into settings, whose own checks judge them.
 *
 * <ul>
 *   <li>All values of a section are tried at once. Mostly that is all.
 *   <li>Where it fails, each value is tried alone in place of its default: a failure is its own.
 *   <li>What is left is tried at once again. A failure now is one of the values together.
 *   <li>So is a failure of the sections together.
 * </ul>
 */
final class Binder {
  private final Settings base;
  private final Map<Schema.Key, Input> inputs;
  private final List<Problem> problems;

  private Binder(Settings base, Map<Schema.Key, Input> inputs, List<Problem> problems) {
    this.base = base;
    this.inputs = inputs;
    this.problems = problems;
  }

  /**
   * Makes settings of a base and the values that replace some of its own. What fails is told to the
   * problems, and the base's value stays.
   */
  static Settings bind(Settings base, Map<Schema.Key, Input> inputs, List<Problem> problems) {
    return new Binder(base, inputs, problems).bind();
  }

  private Settings bind() {
    List<Object> sections = new ArrayList<>();
    for (Schema.Table table : Schema.TABLES) {
      sections.add(section(table));
    }
    try {
      return Schema.settings(sections);
    } catch (SettingException e) {
      blame(e.setting(), e);
      return base;
    }
  }

  private Object section(Schema.Table table) {
    Map<Schema.Key, Object> values = new HashMap<>();
    for (Schema.Key key : table.keys()) {
      Input input = inputs.get(key);
      if (input != null) {
        values.put(key, input.value());
      }
    }
    try {
      return table.with(base, values);
    } catch (SettingException e) {
      return sectionOfTheGood(table, values);
    }
  }

  private Object sectionOfTheGood(Schema.Table table, Map<Schema.Key, Object> values) {
    for (Schema.Key key : table.keys()) {
      Object value = values.get(key);
      if (value != null && !isGoodAlone(table, key, value)) {
        values.remove(key);
      }
    }
    try {
      return table.with(base, values);
    } catch (SettingException e) {
      blame(table.name() + '.' + e.setting(), e);
      return table.of(base);
    }
  }

  private boolean isGoodAlone(Schema.Table table, Schema.Key key, Object value) {
    try {
      table.with(base, Map.of(key, value));
      return true;
    } catch (SettingException e) {
      blame(key.dotted(), e);
      return false;
    }
  }

  /** Blames the place where a setting was written, or any other where that one was not. */
  private void blame(String dotted, SettingException e) {
    for (Map.Entry<Schema.Key, Input> entry : inputs.entrySet()) {
      Input input = entry.getValue();
      if (entry.getKey().dotted().equals(dotted)) {
        problems.add(Problem.ofValue(input.place(), dotted, input.told(), e.expected()));
        return;
      }
    }
    String source = inputs.values().iterator().next().place().source();
    problems.add(Problem.ofValue(new Place(source, 0), dotted, e.found(), e.expected()));
  }
}
