package resolver.upstream;

import java.security.SecureRandom;

/**
 * Random numbers that nobody can guess, drawn from the secure source in large helpings. Belongs to
 * one thread.
 */
final class RandomPool {
  private final SecureRandom source = new SecureRandom();
  private final byte[] pool = new byte[2048];
  private int at = pool.length;

  /** A message ID: all 65,536 are equally likely (RFC 5452 section 4.3). */
  char nextId() {
    return (char) next16();
  }

  /** A number from 0 to {@code bound - 1}, which must be a power of two up to 65,536. */
  int nextBelow(int bound) {
    return next16() & (bound - 1);
  }

  /**
   * A source port from 16,384 to 65,535, all equally likely: 15.6 bits, beside the 16 of the ID
   * (RFC 5452 section 4.5). Lower ports are left to the services that are known by them.
   */
  int nextPort() {
    int port = next16();
    while (port < 16_384) {
      port = next16();
    }
    return port;
  }

  /** 64 random bits. */
  long nextLong() {
    long all = 0;
    for (int i = 0; i < 4; i++) {
      all = all << 16 | next16();
    }
    return all;
  }

  private int next16() {
    if (at == pool.length) {
      source.nextBytes(pool);
      at = 0;
    }
    return ((pool[at++] & 0xff) << 8) | (pool[at++] & 0xff);
  }
}
