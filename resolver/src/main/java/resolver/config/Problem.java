package resolver.config;

/**
 * One thing that is wrong with the settings.
 *
 * @param source the file, or the flag that gave the value
 * @param line the line of the file, from 1; 0 where there is none
 * @param key the dotted name of the setting or the table; empty where the file as a whole is meant
 * @param found what stands there
 * @param expected what should stand there; may be empty
 * @param nearest the known name that was probably meant; empty where there is none
 */
public record Problem(
    String source, int line, String key, String found, String expected, String nearest) {

  /** A problem of the file as a whole, or of its text at a line. */
  static Problem ofText(String source, int line, String found, String expected) {
    return new Problem(source, line, "", found, expected, "");
  }

  /** A value that cannot be what it is. */
  static Problem ofValue(Place place, String key, String found, String expected) {
    return new Problem(place.source(), place.line(), key, found, expected, "");
  }

  /** A name that nothing has. */
  static Problem ofName(Place place, String key, String found, String expected, String nearest) {
    return new Problem(place.source(), place.line(), key, found, expected, nearest);
  }

  /** One line: {@code FILE:LINE: KEY: FOUND (expected: EXPECTED)}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(':').append(line);
    }
    text.append(": ");
    if (!key.isEmpty()) {
      text.append(key).append(": ");
    }
    text.append(found);
    if (!nearest.isEmpty()) {
      text.append(" (did you mean ").append(nearest).append("?)");
    } else if (!expected.isEmpty()) {
      text.append(" (expected: ").append(expected).append(')');
    }
    return text.toString();
  }
}
