package resolver.server;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Transport;
import resolver.settings.Network;

/**
 * Judges who may ask, and what it may cost. Any thread may call; a reload changes it for all at
 * once.
 */
public final class ClientGate {
  private final Refusals refusals;
  private volatile List<Network> allowed;
  private volatile Costs costs;

  /** What clients may cost, as it is used. */
  private record Costs(
      ClientSettings settings, @Nullable RateLimit rate, @Nullable ServerCookies cookies) {}

  /** A gate open to clients of these networks, within these limits. */
  public ClientGate(List<Network> allowed, ClientSettings limits, Ticker ticker) {
    this.allowed = List.copyOf(allowed);
    this.costs = costsOf(limits, null);
    this.refusals = new Refusals(ticker);
  }

  /** Opens to these networks from now on, and to no others. */
  public void allow(List<Network> networks) {
    allowed = List.copyOf(networks);
  }

  /**
   * Holds these limits from now on. Where they are others, what was counted is forgotten; cookies
   * stay valid for as long as their secret is not another one.
   */
  public void limit(ClientSettings limits) {
    Costs before = costs;
    ClientSettings old = before.settings;
    if (!limits.equals(old)) {
      boolean same = old.cookieSecret().equals(limits.cookieSecret());
      costs = costsOf(limits, same ? before.cookies : null);
    }
  }

  /** Whether a client may ask. */
  boolean allows(InetAddress client) {
    for (Network network : allowed) {
      if (network.contains(client)) {
        return true;
      }
    }
    return false;
  }

  /** The limit on lookups; null where there is none. */
  @Nullable RateLimit rateLimit() {
    return costs.rate;
  }

  /** Makes and judges server cookies; null where they are off. */
  @Nullable ServerCookies cookies() {
    return costs.cookies;
  }

  /** Whether a client has to prove its address before it gets an answer. */
  boolean asksForProof(InetAddress client, Transport transport) {
    return costs.settings.cookies() == CookieUse.REQUIRED
        && !transport.isStream()
        && !client.isLoopbackAddress();
  }

  /** A client's query was refused because its network causes too many lookups. */
  void refused(InetAddress client) {
    refusals.add(client, costs.settings);
  }

  private static Costs costsOf(ClientSettings settings, @Nullable ServerCookies same) {
    ServerCookies cookies = same == null ? new ServerCookies(settings.cookieSecret()) : same;
    return new Costs(
        settings,
        settings.rate() == 0 ? null : new RateLimit(settings),
        settings.cookies() == CookieUse.OFF ? null : cookies);
  }
}
