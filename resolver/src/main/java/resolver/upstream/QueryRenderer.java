package resolver.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import resolver.query.Question;
import resolver.wire.Octets;
import resolver.wire.QueryView;

/** Renders the query that asks an upstream server a question. Any thread may call. */
final class QueryRenderer {
  private static final byte RD = 0x01;
  private static final byte CD = 0x10;

  /**
   * Root, type 41, the UDP size, no extended RCODE, version 0, DO, no options (RFC 6891, 6.1.2).
   */
  private static final byte[] OPT = {0, 0, 41, 0, 0, 0, 0, (byte) 0x80, 0, 0, 0};

  private final int udpSize;

  /**
   * A renderer.
   *
   * @param udpSize the largest UDP response that servers may send, in octets
   */
  QueryRenderer(int udpSize) {
    this.udpSize = udpSize;
  }

  /**
   * The whole message, with ID zero. DNSSEC's records are always asked for, since one answer serves
   * clients that want them and clients that do not.
   *
   * @param edns whether with an OPT record; without for servers that do not understand it
   */
  byte[] render(Question question, boolean edns) {
    int end = QueryView.HEADER + question.length();
    byte[] message = new byte[edns ? end + OPT.length : end];
    message[2] = RD;
    message[3] = question.checkingDisabled() ? CD : 0;
    Octets.putU16(message, 4, 1);
    question.copyTo(message, QueryView.HEADER);
    if (edns) {
      Octets.putU16(message, 10, 1);
      System.arraycopy(OPT, 0, message, end, OPT.length);
      Octets.putU16(message, end + 3, udpSize);
    }
    return message;
  }

  static Record questionRecord(Question question) {
    return Record.newRecord(nameOf(question), question.type(), question.dnsClass());
  }

  static Name nameOf(Question question) {
    try {
      return new Name(question.name());
    } catch (IOException e) {
      throw new UncheckedIOException("a question always has a whole name", e);
    }
  }
}
