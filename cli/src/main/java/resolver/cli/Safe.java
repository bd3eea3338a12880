package resolver.cli;

/** Text from strangers, made fit for a terminal. */
final class Safe {
  private Safe() {}

  /**
   * The text with every control character, and every character that changes the direction of
   * writing, shown by its number.
   */
  static String text(String from) {
    if (from.chars().noneMatch(Safe::isUnsafe)) {
      return from;
    }
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < from.length(); i++) {
      char c = from.charAt(i);
      if (isUnsafe(c)) {
        safe.append(c < 256 ? String.format("\\%03d", (int) c) : String.format("\\u%04X", (int) c));
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  private static boolean isUnsafe(int c) {
    return Character.isISOControl(c)
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
