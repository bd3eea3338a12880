package resolver.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of words in aligned columns; numbers stand at the right of theirs. */
final class Columns {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  /** Adds a line. */
  Columns row(Object... words) {
    List<String> row = new ArrayList<>();
    for (Object word : words) {
      row.add(String.valueOf(word));
    }
    for (int i = 0; i < row.size(); i++) {
      if (i == widths.size()) {
        widths.add(0);
      }
      widths.set(i, Math.max(widths.get(i), row.get(i).length()));
    }
    rows.add(row);
    return this;
  }

  /** The lines. */
  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String word = row.get(i);
      String blanks = " ".repeat(widths.get(i) - word.length());
      boolean number = !word.isEmpty() && Character.isDigit(word.charAt(0)) && isNumber(word);
      line.append(i == 0 ? "" : GAP).append(number ? blanks + word : word + blanks);
    }
    return line.toString().stripTrailing();
  }

  /** A number, perhaps with a unit. */
  private static boolean isNumber(String word) {
    return word.matches("[0-9][0-9,.]*( ?(ms|s|%|B|KiB|MiB|GiB))?");
  }
}
