package resolver.upstream;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Has the cookies towards one server for the source address in use. Those of an address that we
 * leave are forgotten, and in another network the jar is another one, so that nobody can follow a
 * machine from network to network by its cookies (RFC 9018 section 3); and none is used for longer
 * than a day (RFC 7873 section 7.1). Belongs to one event loop.
 */
final class CookieJar {
  private static final long LIFETIME_NANOS = 86_400_000_000_000L;

  private final RandomPool random;
  private @Nullable InetAddress source;
  private @Nullable Cookies cookies;
  private long bornAt;

  CookieJar(RandomPool random) {
    this.random = random;
  }

  /**
   * The cookies for queries from a source address.
   *
   * @param now the ticker's time
   */
  Cookies from(InetAddress address, long now) {
    if (cookies == null || !address.equals(source) || now - bornAt > LIFETIME_NANOS) {
      cookies = new Cookies(random.nextLong());
      source = address;
      bornAt = now;
    }
    return cookies;
  }
}
