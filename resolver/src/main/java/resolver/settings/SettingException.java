package resolver.settings;

/** A setting has a value that it must not have. */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String setting;
  private final String found;
  private final String expected;

  /**
   * Says what is wrong.
   *
   * @param setting its name
   * @param found the value as a person would write it
   * @param expected what would be right
   */
  public SettingException(String setting, String found, String expected) {
    super(setting + ": " + found + " (expected: " + expected + ")");
    this.setting = setting;
    this.found = found;
    this.expected = expected;
  }

  /** The name of the setting within its record. */
  public String setting() {
    return setting;
  }

  /** The value as a person would write it. */
  public String found() {
    return found;
  }

  /** What would be right. */
  public String expected() {
    return expected;
  }
}
