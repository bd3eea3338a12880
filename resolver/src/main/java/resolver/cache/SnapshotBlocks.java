package resolver.cache;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The outer form of a snapshot: a head, then blocks. The head has a magic word, the version and a
 * number that no other file has; each block has its length, a CRC32C and its octets. The checksum
 * counts head and place in, too, so that no block of another file or place passes for this one.
 * Belongs to one thread.
 */
final class SnapshotBlocks {
  /** The version that is written, and the only one that is read. */
  static final int VERSION = 1;

  private static final byte[] MAGIC = "DNSCACHE".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 8 + 2 + 8;
  private static final int BLOCK_HEAD = 4 + 4;
  private static final int MOST_OCTETS = 2 << 20;

  private final byte[] head;
  private int place;

  private SnapshotBlocks(byte[] head) {
    this.head = head;
  }

  /**
   * Begins a file.
   *
   * @param number one that no other file has
   */
  static SnapshotBlocks begin(WritableByteChannel out, long number) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    head.put(MAGIC).putShort((short) VERSION).putLong(number).flip();
    SnapshotBlocks blocks = new SnapshotBlocks(head.array());
    writeAll(out, head);
    return blocks;
  }

  /** Reads the head of a file. */
  static SnapshotBlocks open(ReadableByteChannel in) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    readAll(in, head, "the head");
    head.flip();
    byte[] magic = new byte[MAGIC.length];
    head.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new SnapshotException("it is no snapshot of a cache");
    }
    int version = head.getShort() & 0xffff;
    if (version != VERSION) {
      throw new SnapshotException("it is of version " + version + " (expected: " + VERSION + ")");
    }
    return new SnapshotBlocks(head.array());
  }

  /** Appends a block; its octets are taken out of the buffer. */
  void write(WritableByteChannel out, ByteBuf block) throws IOException {
    ByteBuffer octets = block.nioBuffer();
    ByteBuffer blockHead = ByteBuffer.allocate(BLOCK_HEAD);
    blockHead.putInt(octets.remaining()).putInt(checksum(octets)).flip();
    writeAll(out, blockHead);
    writeAll(out, octets);
    block.clear();
  }

  /** Reads the next block; there must be one. */
  ByteBuffer read(ReadableByteChannel in) throws IOException {
    String name = "block " + place;
    ByteBuffer blockHead = ByteBuffer.allocate(BLOCK_HEAD);
    readAll(in, blockHead, name);
    blockHead.flip();
    int length = blockHead.getInt();
    if (length <= 0 || length > MOST_OCTETS) {
      throw new SnapshotException(
          name + " has a length of " + length + " (expected: 1 to " + MOST_OCTETS + ")");
    }
    ByteBuffer block = ByteBuffer.allocate(length);
    readAll(in, block, name);
    block.flip();
    if (checksum(block) != blockHead.getInt()) {
      throw new SnapshotException("the checksum of " + name + " is another one");
    }
    return block;
  }

  /** The block that was read last, for people. */
  String last() {
    return "block " + (place - 1);
  }

  private int checksum(ByteBuffer block) {
    CRC32C crc = new CRC32C();
    crc.update(head);
    crc.update(ByteBuffer.allocate(4).putInt(place++).flip());
    crc.update(block.duplicate());
    return (int) crc.getValue();
  }

  private static void writeAll(WritableByteChannel out, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      out.write(octets);
    }
  }

  private static void readAll(ReadableByteChannel in, ByteBuffer octets, String what)
      throws IOException {
    while (octets.hasRemaining()) {
      if (in.read(octets) < 0) {
        throw new SnapshotException("it ends within " + what);
      }
    }
  }

  /** Makes sure that nothing stands behind the last block. */
  static void expectEnd(ReadableByteChannel in) throws IOException {
    if (in.read(ByteBuffer.allocate(1)) >= 0) {
      throw new SnapshotException("something stands behind its end");
    }
  }
}
