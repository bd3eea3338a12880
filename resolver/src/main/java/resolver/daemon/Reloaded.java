package resolver.daemon;

import java.util.List;
import resolver.config.Settings;

/**
 * The outcome of a reload.
 *
 * @param problem why nothing has changed; empty where all is well
 * @param source where the settings are from
 * @param changes what differs from the settings before
 * @param later what differs from those at the start, and waits for a restart
 * @param warnings what is allowed but hardly meant
 * @param askers how many asked for it
 */
record Reloaded(
    String problem,
    String source,
    List<Settings.Change> changes,
    List<Settings.Change> later,
    List<String> warnings,
    int askers) {
  /** One that has changed nothing. */
  static Reloaded failed(String problem, int askers) {
    return new Reloaded(problem, "", List.of(), List.of(), List.of(), askers);
  }

  boolean isDone() {
    return problem.isEmpty();
  }
}
