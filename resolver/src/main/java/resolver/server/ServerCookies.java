package resolver.server;

import java.security.SecureRandom;
import java.util.List;
import resolver.server.CookieSecrets.Secret;
import resolver.wire.Octets;
import resolver.wire.SipHash;

/** Makes and judges server cookies (RFC 9018 section 4). Never changes; any thread may call. */
final class ServerCookies {
  /** The octets of a client's part, and of ours (RFC 9018 section 4). */
  static final int CLIENT_PART = 8;

  static final int SERVER_PART = 16;

  private static final int VERSION = 1;

  /** How old a cookie may be, and how far in the future, in seconds (RFC 9018 section 4.3). */
  private static final int OLDEST = 3600;

  private static final int AHEAD = 300;

  /** From what age on a client gets another one, in seconds (RFC 9018 section 4.3). */
  private static final int RENEWED_AT = 1800;

  private final List<Secret> keys;

  /** With the given secrets, or one that nobody knows. */
  ServerCookies(CookieSecrets secrets) {
    keys = secrets.keys().isEmpty() ? List.of(randomSecret()) : secrets.keys();
  }

  /** What becomes of a client's cookie. */
  enum Verdict {
    /** It is none of ours, or too old. */
    INVALID,
    /** It is ours, and may come again. */
    VALID,
    /** It is ours, and another one is to come in its place. */
    AGED
  }

  /**
   * Judges a cookie.
   *
   * @param octets both parts of the cookie without its hash, then the client's address
   * @param length of those octets
   * @param hash that of the cookie
   * @param seconds the time, as a number of 32 bits (RFC 1982)
   */
  Verdict judge(byte[] octets, int length, long hash, int seconds) {
    int age = seconds - Octets.i32(octets, CLIENT_PART + 4);
    if (octets[CLIENT_PART] != VERSION || age > OLDEST || age < -AHEAD) {
      return Verdict.INVALID;
    }
    for (int i = 0; i < keys.size(); i++) {
      // One comparison of all octets at once: its time tells nothing of single ones.
      if (hash(i, octets, length) == hash) {
        return i == 0 && age < RENEWED_AT ? Verdict.VALID : Verdict.AGED;
      }
    }
    return Verdict.INVALID;
  }

  /** Makes a cookie: fills our part in where {@link #judge} expects it, and returns the hash. */
  long make(byte[] octets, int length, int seconds) {
    Octets.putI32(octets, CLIENT_PART, VERSION << 24);
    Octets.putI32(octets, CLIENT_PART + 4, seconds);
    return hash(0, octets, length);
  }

  private long hash(int key, byte[] octets, int length) {
    Secret secret = keys.get(key);
    return SipHash.of(secret.low(), secret.high(), octets, 0, length);
  }

  private static Secret randomSecret() {
    SecureRandom random = new SecureRandom();
    return new Secret(random.nextLong(), random.nextLong());
  }
}
