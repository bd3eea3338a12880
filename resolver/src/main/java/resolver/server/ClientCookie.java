package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.wire.QueryView;

/**
 * The cookie of the query in hand, and the one that goes back with its response. Belongs to one
 * event loop, and is another query's after the next {@link #read}; keeps nothing of the last one.
 */
final class ClientCookie {
  /** What a query says by its cookie. */
  enum Verdict {
    /** It has none, or cookies are off. */
    ABSENT,
    /** Its option has a length that no cookie has (RFC 7873 section 5.2.2). */
    BROKEN,
    /** It has the client's part alone. */
    NEW,
    /** What it has for the server's part is none, or not any more. */
    INVALID,
    /** Its client has been told this cookie at its address. */
    VALID
  }

  private static final byte[] NONE = {};
  private static final int OPTION = 10;
  private static final int OPTION_HEADER = 4;
  private static final int WHOLE = ServerCookies.CLIENT_PART + ServerCookies.SERVER_PART;
  private static final int HASH_AT = WHOLE - 8;

  /** The lengths of a cookie with a part of a server, in octets (RFC 7873 section 4). */
  private static final int LEAST_WHOLE = 16;

  private static final int MOST_WHOLE = 40;

  private final QueryView view;

  /** The cookie without its hash, and the client's address in its place. */
  private final byte[] octets = new byte[HASH_AT + 16];

  private long hash;
  private boolean answered;

  /**
   * A cookie of queries that a view has read.
   *
   * @param view reads each packet before it comes here
   */
  ClientCookie(QueryView view) {
    this.view = view;
  }

  /**
   * Judges the cookie of a packet, and makes the one that goes back.
   *
   * @param cookies null where they are off
   */
  Verdict read(ByteBuf packet, InetAddress client, @Nullable ServerCookies cookies, Ticker ticker) {
    int length = view.cookieLength();
    answered = false;
    if (length < 0 || cookies == null) {
      return Verdict.ABSENT;
    }
    boolean bare = length == ServerCookies.CLIENT_PART;
    if (!bare && (length < LEAST_WHOLE || length > MOST_WHOLE)) {
      return Verdict.BROKEN;
    }
    // The number of 32 bits that RFC 9018 section 4.3 has for the time.
    int seconds = (int) (ticker.wallMillis() / 1000);
    byte[] address = client.getAddress();
    int hashed = HASH_AT + address.length;
    ServerCookies.Verdict found = ServerCookies.Verdict.INVALID;
    if (length == WHOLE) {
      view.copyCookie(packet, octets, 0, WHOLE);
      hash = hashOf(octets);
      System.arraycopy(address, 0, octets, HASH_AT, address.length);
      found = cookies.judge(octets, hashed, hash, seconds);
    }
    if (found != ServerCookies.Verdict.VALID) {
      view.copyCookie(packet, octets, 0, ServerCookies.CLIENT_PART);
      System.arraycopy(address, 0, octets, HASH_AT, address.length);
      hash = cookies.make(octets, hashed, seconds);
    }
    answered = true;
    if (found == ServerCookies.Verdict.INVALID) {
      return bare ? Verdict.NEW : Verdict.INVALID;
    }
    return Verdict.VALID;
  }

  /** The octets of the option that goes back; none where the query had none. */
  int optionLength() {
    return answered ? OPTION_HEADER + WHOLE : 0;
  }

  /** Appends that option. */
  void writeOption(ByteBuf out) {
    if (answered) {
      out.writeShort(OPTION);
      out.writeShort(WHOLE);
      out.writeBytes(octets, 0, HASH_AT);
      out.writeLongLE(hash);
    }
  }

  /** That option, for a response that is yet to come. */
  byte[] option() {
    if (!answered) {
      return NONE;
    }
    byte[] option = new byte[optionLength()];
    writeOption(Unpooled.wrappedBuffer(option).clear());
    return option;
  }

  private static long hashOf(byte[] cookie) {
    long hash = 0;
    for (int i = WHOLE - 1; i >= HASH_AT; i--) {
      hash = hash << 8 | (cookie[i] & 0xff);
    }
    return hash;
  }
}
