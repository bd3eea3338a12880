package resolver.upstream;

import io.netty.buffer.ByteBuf;

/**
 * The cookies by which one server and one of our source addresses know each other (RFC 7873): ours,
 * which is random (RFC 9018 section 3) and stays the same, and the server's, which it tells with
 * its responses and gets back with the next query. Whoever does not see our queries can send no
 * response with our cookie in it.
 *
 * <p>A response with another cookie than ours is none of the server's. One without any is not
 * believed either, where the server is known to send them (RFC 7873 section 5.3): it may be forged,
 * or the server has changed its ways. So it is asked over TCP then, and only after {@value
 * #MOST_BARE} such exchanges in a row it is taken for a server without cookies.
 *
 * <p>Belongs to one event loop.
 */
final class Cookies {
  /** What a response has to show. */
  enum Verdict {
    /** Our cookie, or that none could be expected. */
    GOOD,
    /** A cookie that is not ours, or no cookie at all by its length. */
    FOREIGN,
    /** Nothing, though this server gives our cookie back. */
    BARE
  }

  /** The option's code (RFC 7873 section 4). */
  static final int OPTION = 10;

  /** The octets of our cookie (RFC 7873 section 4). */
  static final int LENGTH = 8;

  /** So many exchanges in a row lack the cookie until none is expected any more. */
  static final int MOST_BARE = 8;

  private static final int LEAST_SERVER = 8;
  private static final int MOST_SERVER = 32;
  private static final byte[] UNKNOWN = {};

  private final long ours;
  private final ReplyOptions options = new ReplyOptions();
  private byte[] servers = UNKNOWN;
  private int bare;

  /**
   * With a server that is not known yet.
   *
   * @param ours random, and used towards this server from this address alone
   */
  Cookies(long ours) {
    this.ours = ours;
  }

  /** The octets that {@link #write} appends. */
  int written() {
    return 4 + LENGTH + servers.length;
  }

  /** Appends the option. */
  void write(ByteBuf out) {
    out.writeShort(OPTION);
    out.writeShort(LENGTH + servers.length);
    out.writeLong(ours);
    out.writeBytes(servers);
  }

  /**
   * Judges a response to a query that had the option, and learns the server's cookie from one with
   * ours.
   *
   * @param reply from its header on; no index is moved
   */
  Verdict judge(ByteBuf reply) {
    options.read(reply);
    int at = options.find(reply, OPTION);
    if (at < 0) {
      return servers.length == 0 ? Verdict.GOOD : Verdict.BARE;
    }
    int more = reply.getUnsignedShort(at - 2) - LENGTH;
    boolean legal = more == 0 || (more >= LEAST_SERVER && more <= MOST_SERVER);
    if (!legal || reply.getLong(at) != ours) {
      return Verdict.FOREIGN;
    }
    bare = 0;
    if (more > 0) {
      learn(reply, at + LENGTH, more);
    }
    return Verdict.GOOD;
  }

  private void learn(ByteBuf reply, int at, int length) {
    if (servers.length != length) {
      servers = new byte[length];
    }
    reply.getBytes(at, servers);
  }

  /** The RCODE of the response judged last, with its extended bits. */
  int rcode() {
    return options.rcode();
  }

  /** An exchange had a response without a cookie where one was expected. */
  void wasBare() {
    bare++;
    if (bare >= MOST_BARE) {
      bare = 0;
      servers = UNKNOWN;
    }
  }
}
