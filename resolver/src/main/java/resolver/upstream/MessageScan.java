package resolver.upstream;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the records of a message in a buffer without taking it apart. A message that is not well
 * formed is looked at as far as it goes.
 */
final class MessageScan {
  private static final int HEADER = 12;
  private static final int OPT = 41;
  private static final int KEEPALIVE = 11;

  private MessageScan() {}

  /** What is done with a record. */
  private interface Visitor {
    /**
     * A record.
     *
     * @param ttl where its TTL stands
     * @param data where its data begin
     */
    void record(int type, int ttl, int data, int length);
  }

  /**
   * The server's idle time-out in units of 100 ms (RFC 7828 section 3.1); -1 where none is told.
   */
  static long idleTime(ByteBuf message) {
    long[] found = {-1};
    walk(
        message,
        (type, ttl, data, length) -> {
          if (type == OPT) {
            found[0] = idleTimeOf(message, data, data + length);
          }
        });
    return found[0];
  }

  private static long idleTimeOf(ByteBuf message, int from, int to) {
    int at = from;
    while (at + 4 <= to) {
      int length = message.getUnsignedShort(at + 2);
      if (message.getUnsignedShort(at) == KEEPALIVE && length == 2 && at + 6 <= to) {
        return message.getUnsignedShort(at + 4);
      }
      at += 4 + length;
    }
    return -1;
  }

  /** Takes so many seconds off every TTL, down to 0. */
  static void age(ByteBuf message, long seconds) {
    walk(
        message,
        (type, ttl, data, length) -> {
          if (type != OPT) {
            message.setInt(ttl, (int) Math.max(0, message.getUnsignedInt(ttl) - seconds));
          }
        });
  }

  private static void walk(ByteBuf message, Visitor visitor) {
    int start = message.readerIndex();
    int end = message.writerIndex();
    if (end - start < HEADER) {
      return;
    }
    int at = start + HEADER;
    for (int i = message.getUnsignedShort(start + 4); i > 0 && at >= 0; i--) {
      at = afterName(message, at, end);
      at = at < 0 ? at : at + 4;
    }
    int records = 0;
    for (int section = 6; section < HEADER; section += 2) {
      records += message.getUnsignedShort(start + section);
    }
    for (int i = 0; i < records && at >= 0; i++) {
      at = afterName(message, at, end);
      if (at < 0 || at + 10 > end) {
        return;
      }
      int length = message.getUnsignedShort(at + 8);
      int data = at + 10;
      if (data + length > end) {
        return;
      }
      visitor.record(message.getUnsignedShort(at), at + 4, data, length);
      at = data + length;
    }
  }

  /** Where a name ends, or -1 where it does not. */
  private static int afterName(ByteBuf message, int from, int end) {
    int at = from;
    while (at < end) {
      int length = message.getUnsignedByte(at);
      if (length == 0) {
        return at + 1;
      }
      if (length >= 0xc0) {
        return at + 2;
      }
      at += 1 + length;
    }
    return -1;
  }
}
