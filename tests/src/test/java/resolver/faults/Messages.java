package resolver.faults;

import io.netty.buffer.ByteBuf;

/**
 * Counts the messages in one direction of a TCP connection: DNS messages behind their lengths, or,
 * where it begins with a handshake of TLS, records.
 */
final class Messages {
  private static final int TLS_HANDSHAKE = 22;
  private static final int TLS_HEADER = 5;
  private static final int DNS_HEADER = 2;

  private final byte[] header = new byte[TLS_HEADER];
  private int headerSize;
  private int headerSeen;
  private int bodyLeft;
  private long begun;

  /** How many have begun. */
  long begun() {
    return begun;
  }

  /**
   * Reads on.
   *
   * @param most how many messages matter
   * @return how many of these octets, from the first, belong to these messages
   */
  int read(ByteBuf octets, long most) {
    int start = octets.readerIndex();
    int belonging = 0;
    for (int at = start; at < octets.writerIndex(); ) {
      if (bodyLeft > 0) {
        int step = Math.min(bodyLeft, octets.writerIndex() - at);
        bodyLeft -= step;
        at += step;
      } else {
        header(octets.getByte(at));
        at++;
      }
      if (begun <= most) {
        belonging = at - start;
      }
    }
    return belonging;
  }

  private void header(byte octet) {
    if (headerSeen == 0) {
      begun++;
      if (headerSize == 0) {
        headerSize = octet == TLS_HANDSHAKE ? TLS_HEADER : DNS_HEADER;
      }
    }
    header[headerSeen++] = octet;
    if (headerSeen == headerSize) {
      headerSeen = 0;
      bodyLeft = (header[headerSize - 2] & 0xff) << 8 | (header[headerSize - 1] & 0xff);
    }
  }
}
