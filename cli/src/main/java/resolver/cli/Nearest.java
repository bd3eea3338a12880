package resolver.cli;

import java.util.Collection;
import java.util.Locale;

/** The known word that a mistyped one was probably meant to be. */
final class Nearest {
  private static final int LONGEST = 32;

  private Nearest() {}

  /**
   * The candidate with the fewest letters wrong, in any case of letters.
   *
   * @return empty where more than a third of the letters is wrong in all of them
   */
  static String of(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return "";
    }
    String nearest = "";
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Letters to insert, drop or replace, kept row by row. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], above[j]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
