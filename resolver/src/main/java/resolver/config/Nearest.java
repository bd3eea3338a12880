package resolver.config;

import java.util.Collection;
import java.util.Locale;

/**
 * The known word that a mistyped one was probably meant to be.
 *
 * <p>Words are compared by the least number of letters to insert, drop, replace, or swap with their
 * neighbour. A third of the letters may be wrong. Upper case counts as lower case, for the habit of
 * camel case is not a slip of the finger.
 */
final class Nearest {
  /** Nobody slips that often; a longer word is not worth the quadratic effort. */
  private static final int LONGEST = 64;

  private Nearest() {}

  /** The first of the nearest candidates; empty where none is near. */
  static String of(String word, Collection<String> candidates) {
    String nearest = "";
    int least = Math.max(1, word.length() / 3) + 1;
    if (word.length() > LONGEST) {
      return nearest;
    }
    for (String candidate : candidates) {
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
