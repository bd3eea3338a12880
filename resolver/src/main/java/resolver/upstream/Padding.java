package resolver.upstream;

import io.netty.buffer.ByteBuf;

/**
 * Makes the lengths of queries alike, so that nobody tells names by them: each is filled up to a
 * multiple of 128 octets (RFC 7830, RFC 8467 section 4.1). For encrypted transports alone.
 */
final class Padding {
  /** What a query grows by at most, in octets. */
  static final int MOST = 4 + 4 + 127;

  private static final int BLOCK = 128;
  private static final int HEADER = 12;
  private static final int OPT = 41;
  private static final int KEEPALIVE = 11;
  private static final int PADDING = 12;
  private static final int OPTION_HEADER = 4;

  private Padding() {}

  /**
   * Fills up a query that ends with an OPT record; one without is left as it is.
   *
   * @param start where the query begins; it ends at the writer index
   * @param asksForIdleTime whether to ask for the server's idle time-out, too (RFC 7828)
   */
  static void pad(ByteBuf query, int start, boolean asksForIdleTime) {
    int opt = optOf(query, start);
    if (opt < 0) {
      return;
    }
    int before = query.writerIndex();
    if (asksForIdleTime) {
      query.writeShort(KEEPALIVE).writeShort(0);
    }
    int length = query.writerIndex() - start + OPTION_HEADER;
    int filling = Math.floorMod(-length, BLOCK);
    query.writeShort(PADDING).writeShort(filling).writeZero(filling);
    int data = opt + 9;
    query.setShort(data, query.getUnsignedShort(data) + query.writerIndex() - before);
  }

  /** The place of the OPT record that a query ends with, or -1. */
  private static int optOf(ByteBuf query, int start) {
    int end = query.writerIndex();
    if (query.getUnsignedShort(start + 10) != 1) {
      return -1;
    }
    int at = start + HEADER;
    while (query.getByte(at) != 0) {
      at += 1 + query.getUnsignedByte(at);
    }
    int opt = at + 5;
    boolean isLast =
        opt + 11 <= end
            && query.getByte(opt) == 0
            && query.getUnsignedShort(opt + 1) == OPT
            && opt + 11 + query.getUnsignedShort(opt + 9) == end;
    return isLast ? opt : -1;
  }
}
