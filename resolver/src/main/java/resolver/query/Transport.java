package resolver.query;

/** How a message travels. */
public enum Transport {
  UDP,
  TCP,
  TLS,
  HTTPS;

  /** Whether messages travel in a stream: no size limit below 65,535 octets. */
  public boolean isStream() {
    return this != UDP;
  }
}
