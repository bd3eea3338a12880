package resolver.server;

import resolver.settings.Checks;

/**
 * Settings of what one client may cost.
 *
 * @param rate how many lookups a second the clients of one prefix may cause, 0 (no limit) to
 *     1,000,000
 */
public record ClientSettings(int rate) {
  /** What holds when nothing is set. */
  public static final ClientSettings DEFAULTS = new ClientSettings(0);

  /** Checks the range. */
  public ClientSettings {
    Checks.range("rate", rate, 0, 1_000_000);
  }
}
