package resolver.settings;

/**
 * A text that nobody is told: it appears in no log and in no listing.
 *
 * @param text the secret itself; empty where none is given
 */
public record Secret(String text) {
  /** None is given. */
  public static final Secret NONE = new Secret("");

  /** Does not tell it. */
  @Override
  public String toString() {
    return "a secret";
  }
}
