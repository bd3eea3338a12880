package resolver.server;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The secrets that server cookies are made with: the first makes them, and those of all are valid.
 *
 * @param keys of 16 octets each; none means one of the process's own, drawn at its start
 */
public record CookieSecrets(List<Secret> keys) {
  /** None is given. */
  public static final CookieSecrets NONE = new CookieSecrets(List.of());

  private static final String EXPECTED =
      "\"\", 32 hexadecimal digits, or twice as many with a space between: the secret in use, and"
          + " another one whose cookies are valid too";

  /**
   * A secret.
   *
   * @param low its first eight octets, the lowest first
   * @param high the other eight
   */
  public record Secret(long low, long high) {
    /** Does not tell it. */
    @Override
    public String toString() {
      return "a secret";
    }
  }

  /** Copies the list. */
  public CookieSecrets {
    keys = List.copyOf(keys);
  }

  /**
   * Reads what a settings file says.
   *
   * @throws IllegalArgumentException where it is no such text; the message says what is expected
   */
  public static CookieSecrets parse(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    List<Secret> keys = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      if (!word.matches("[0-9A-Fa-f]{32}") || keys.size() == 2) {
        throw new IllegalArgumentException(EXPECTED);
      }
      keys.add(new Secret(octets(word, 0), octets(word, 16)));
    }
    return new CookieSecrets(keys);
  }

  private static long octets(String word, int from) {
    return Long.reverseBytes(HexFormat.fromHexDigitsToLong(word, from, from + 16));
  }
}
