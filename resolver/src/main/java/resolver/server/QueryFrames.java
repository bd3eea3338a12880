package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's stream into queries, each behind two octets with its length (RFC 1035 section
 * 4.2.2). A query is cut off only when it is asked for: what nobody is ready to work on stays mere
 * octets. Belongs to one thread.
 */
final class QueryFrames {
  private static final int LENGTH = 2;

  private final int longest;
  private @Nullable ByteBuf octets;

  /**
   * An empty stream.
   *
   * @param longest the longest query that is taken, in octets
   */
  QueryFrames(int longest) {
    this.longest = longest;
  }

  /** Appends what was received, and releases it in time. */
  void add(ByteBufAllocator allocator, ByteBuf received) {
    ByteBuf before = octets;
    octets =
        before == null
            ? received
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, received);
  }

  /** Whether the next frame is longer than any query, so that the stream cannot be read on. */
  boolean isTooLong() {
    return nextLength() > longest;
  }

  /** Whether a whole query is there. */
  boolean hasNext() {
    ByteBuf here = octets;
    int length = nextLength();
    return here != null && length >= 0 && here.readableBytes() >= LENGTH + length;
  }

  /** Cuts off the next query, which there must be. The caller releases it. */
  ByteBuf next() {
    int length = nextLength();
    ByteBuf here = octets;
    if (here == null || !hasNext()) {
      throw new IllegalStateException("no whole query is there (expected: one)");
    }
    ByteBuf query = here.skipBytes(LENGTH).readRetainedSlice(length);
    if (!here.isReadable()) {
      release();
    }
    return query;
  }

  /** Makes room behind the queries that were cut off. None of them may be in use any more. */
  void tidy() {
    ByteBuf here = octets;
    if (here != null) {
      here.discardSomeReadBytes();
    }
  }

  /** Forgets what is there. */
  void release() {
    ByteBuf here = octets;
    octets = null;
    if (here != null) {
      here.release();
    }
  }

  /** What the next frame says of its length, or -1 where not even that is there. */
  private int nextLength() {
    ByteBuf here = octets;
    return here == null || here.readableBytes() < LENGTH
        ? -1
        : here.getUnsignedShort(here.readerIndex());
  }
}
