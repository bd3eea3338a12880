package resolver.upstream;

import io.netty.buffer.ByteBuf;

/**
 * The EDNS part of a response, found by walking over its records without taking them apart.
 * Reusable; belongs to one thread. What is found holds until the next response is read.
 */
final class ReplyOptions {
  private static final int HEADER = 12;
  private static final int FIXED = 10;
  private static final int OPT = 41;
  private static final int POINTER = 0xc0;
  private static final int RCODE = 15;

  private int rcode;
  private int from;
  private int end;

  /**
   * Reads a response, from its reader index on; moves no index. One that is broken has no options.
   *
   * @param reply a header at least
   */
  void read(ByteBuf reply) {
    int start = reply.readerIndex();
    rcode = reply.getUnsignedByte(start + 3) & RCODE;
    from = 0;
    end = 0;
    int additionals = reply.getUnsignedShort(start + 10);
    if (additionals == 0) {
      return;
    }
    int at = start + HEADER;
    for (int i = reply.getUnsignedShort(start + 4); i > 0 && at >= 0; i--) {
      at = skipName(reply, at) + 4;
    }
    int before = reply.getUnsignedShort(start + 6) + reply.getUnsignedShort(start + 8);
    for (int i = 0; i < before + additionals; i++) {
      int fixed = skipName(reply, at);
      int data = fixed + FIXED;
      if (fixed < 0 || data > reply.writerIndex()) {
        return;
      }
      int next = data + reply.getUnsignedShort(fixed + 8);
      if (next > reply.writerIndex()) {
        return;
      }
      if (i >= before && reply.getUnsignedShort(fixed) == OPT) {
        rcode |= reply.getUnsignedByte(fixed + 4) << 4;
        from = data;
        end = next;
        return;
      }
      at = next;
    }
  }

  /** The RCODE with its extended bits (RFC 6891 section 6.1.3). */
  int rcode() {
    return rcode;
  }

  /**
   * Where the first option of a code has its data, which are whole, or -1. Its length stands in the
   * two octets before.
   */
  int find(ByteBuf reply, int code) {
    int at = from;
    while (at + 4 <= end) {
      int next = at + 4 + reply.getUnsignedShort(at + 2);
      if (reply.getUnsignedShort(at) == code) {
        return next <= end ? at + 4 : -1;
      }
      at = next;
    }
    return -1;
  }

  /** Where the name at a place ends, or a number far below zero where it does not. */
  private static int skipName(ByteBuf reply, int start) {
    int at = start;
    int most = reply.writerIndex();
    while (at >= 0 && at < most) {
      int label = reply.getUnsignedByte(at);
      if (label >= POINTER) {
        return at + 2;
      }
      at += 1 + label;
      if (label == 0) {
        return at;
      }
    }
    return Integer.MIN_VALUE / 2;
  }
}
