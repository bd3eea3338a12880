package resolver.cli.doctor;

/**
 * What a check has found.
 *
 * @param grade how bad it is
 * @param topic what was looked at, in one word
 * @param what what is so
 * @param fix what can be done about it, commands each on a line of its own; empty where nothing
 *     need be
 */
public record Finding(Grade grade, String topic, String what, String fix) {
  /** How bad a finding is. */
  public enum Grade {
    /** As it should be. */
    OK,
    /** It works, but not as well as it could, or hardly as it is meant. */
    WARN,
    /** It does not work. */
    FAIL
  }

  static Finding ok(String topic, String what) {
    return new Finding(Grade.OK, topic, what, "");
  }

  static Finding warn(String topic, String what, String fix) {
    return new Finding(Grade.WARN, topic, what, fix);
  }

  static Finding fail(String topic, String what, String fix) {
    return new Finding(Grade.FAIL, topic, what, fix);
  }
}
