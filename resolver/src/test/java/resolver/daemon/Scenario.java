package resolver.daemon;

import java.util.List;
import resolver.config.Settings;

/**
 * A story told by a scenario file; see README.txt beside those.
 *
 * @param title a sentence: what the story is to show
 * @param line where it begins
 */
record Scenario(String title, int line, Settings settings, List<Step> steps) {

  /** What a line of a scenario does. */
  @FunctionalInterface
  interface Action {
    void on(ScenarioWorld world);
  }

  /**
   * A line of a scenario.
   *
   * @param place file and line
   */
  record Step(String place, String text, Action action) {
    void play(ScenarioWorld world) {
      try {
        action.on(world);
      } catch (AssertionError e) {
        throw new AssertionError(place + ": " + text + "\n" + e.getMessage());
      }
    }
  }

  Scenario {
    steps = List.copyOf(steps);
  }

  /**
   * Plays it.
   *
   * @throws AssertionError where something is not as told: file, line, what was expected and seen
   */
  void play() {
    ScenarioWorld world = new ScenarioWorld(settings);
    steps.forEach(step -> step.play(world));
    String place = steps.get(steps.size() - 1).place();
    new Step(place, "(the end of: " + title + ")", ScenarioWorld::end).play(world);
  }
}
