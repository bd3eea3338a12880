package resolver.server;

/** What server cookies are used for (RFC 7873). */
public enum CookieUse {
  /** Nothing: the option is not known. */
  OFF,
  /** Whoever sends a cookie gets one, and is known to have its address when it comes back. */
  ON,
  /**
   * Over UDP nobody is answered without one but loopback: who has sent another gets BADCOOKIE, and
   * who has sent none is to come over TCP.
   */
  REQUIRED
}
