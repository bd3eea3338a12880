package resolver.settings;

import java.time.Duration;
import java.util.Collection;

/** What settings records check their values with; each throws {@link SettingException}. */
public final class Checks {
  private Checks() {}

  /** A number within a range, both ends included. */
  public static void range(String setting, long found, long least, long most) {
    if (found < least || found > most) {
      throw new SettingException(setting, Long.toString(found), least + " to " + most);
    }
  }

  /** A size in octets within a range, both ends included. */
  public static void size(String setting, long found, long least, long most) {
    if (found < least || found > most) {
      throw new SettingException(
          setting, Words.size(found), Words.size(least) + " to " + Words.size(most));
    }
  }

  /** A duration within a range, both ends included. */
  public static void range(String setting, Duration found, Duration least, Duration most) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      throw new SettingException(
          setting, Words.duration(found), Words.duration(least) + " to " + Words.duration(most));
    }
  }

  /** A list with something in it. */
  public static void notEmpty(String setting, Collection<?> found) {
    if (found.isEmpty()) {
      throw new SettingException(setting, "an empty list", "at least one value");
    }
  }
}
