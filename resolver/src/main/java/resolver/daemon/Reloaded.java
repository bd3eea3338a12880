package resolver.daemon;

import java.util.List;
import resolver.config.Settings;

/**
 * The outcome of a reload.
 *
 * @param problem why the settings are not taken; empty where they are
 * @param exitCode what a command that asked for it ends with
 * @param source where the settings are from
 * @param changes what differs from the settings before
 * @param later what differs from those at the start, and waits for a restart
 * @param warnings what is allowed but hardly meant, and what could not be had
 * @param askers how many asked for it
 */
record Reloaded(
    String problem,
    int exitCode,
    String source,
    List<Settings.Change> changes,
    List<Settings.Change> later,
    List<String> warnings,
    int askers) {
  /** One that has come to nothing. */
  static Reloaded failed(String problem, int exitCode, int askers) {
    return new Reloaded(problem, exitCode, "", List.of(), List.of(), List.of(), askers);
  }

  boolean isDone() {
    return problem.isEmpty();
  }
}
