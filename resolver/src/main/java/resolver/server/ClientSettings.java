package resolver.server;

import resolver.settings.Checks;

/**
 * Settings of what one client may cost.
 *
 * @param rate how many lookups a second the clients of one network may cause, 0 (no limit) to
 *     1,000,000; loopback is exempt
 * @param rateBurst how many they may cause at once after a while of rest, 1 to 1,000,000
 * @param ratePrefixV4 how many bits of IPv4 addresses the clients of one network share, 1 to 32
 * @param ratePrefixV6 the same of IPv6 addresses, 1 to 128
 * @param cookies what server cookies are used for
 * @param cookieSecret what they are made with
 */
public record ClientSettings(
    int rate,
    int rateBurst,
    int ratePrefixV4,
    int ratePrefixV6,
    CookieUse cookies,
    CookieSecrets cookieSecret) {
  /** What holds when nothing is set. */
  public static final ClientSettings DEFAULTS =
      new ClientSettings(0, 100, 32, 64, CookieUse.ON, CookieSecrets.NONE);

  /** Checks the ranges. */
  public ClientSettings {
    Checks.range("rate", rate, 0, 1_000_000);
    Checks.range("rate-burst", rateBurst, 1, 1_000_000);
    Checks.range("rate-prefix-v4", ratePrefixV4, 1, 32);
    Checks.range("rate-prefix-v6", ratePrefixV6, 1, 128);
  }
}
