package resolver.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that cannot be used; tells everything that is wrong with them, a line for each. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** More would scroll the first ones away; {@link #problems} has all. */
  private static final int LINES = 40;

  private final transient List<Problem> problems;

  SettingsException(List<Problem> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * Settings that are right by themselves, and cannot be had on this machine.
   *
   * @param key the dotted name of the setting
   * @param why why not, and what can be done
   */
  public static SettingsException ofUse(String key, String why) {
    return new SettingsException(List.of(new Problem("settings", 0, key, why, "", "")));
  }

  /** Everything that is wrong, in the order of the file, then of the flags. Not empty. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(List<Problem> problems) {
    String lines =
        problems.stream().limit(LINES).map(Problem::toString).collect(Collectors.joining("\n"));
    return problems.size() > LINES
        ? lines + "\nand " + (problems.size() - LINES) + " more problems"
        : lines;
  }
}
