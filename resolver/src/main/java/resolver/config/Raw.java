package resolver.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Raw values and texts as a person reads them in an error. */
final class Raw {
  private static final int LONGEST = 80;
  private static final int LONGEST_TEXT = 200;

  private Raw() {}

  /** Tells a raw value in at most 80 characters, none of which can upset a terminal or a log. */
  static String tell(Object raw) {
    if (raw instanceof Map) {
      return "a table";
    }
    if (raw instanceof List<?> list) {
      return list.isEmpty()
          ? "an empty list"
          : cut(
              list.stream()
                  .limit(LONGEST)
                  .map(Raw::tell)
                  .collect(Collectors.joining(", ", "[", "]")),
              LONGEST);
    }
    return cut(raw instanceof String text ? quote(text) : raw.toString(), LONGEST);
  }

  /** A text as a TOML string. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else {
                appendPrintable(quoted, c);
              }
            });
    return quoted.append('"').toString();
  }

  /** A text in at most 200 characters, with escapes for what has no shape of its own. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints().forEach(c -> appendPrintable(printable, c));
    return cut(printable.toString(), LONGEST_TEXT);
  }

  private static void appendPrintable(StringBuilder to, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          to.append(String.format(c > 0xffff ? "\\U%08X" : "\\u%04X", c));
      default -> to.appendCodePoint(c);
    }
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
  }
}
