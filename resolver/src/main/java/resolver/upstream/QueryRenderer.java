package resolver.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.query.Question;

/** Renders the query that asks an upstream server a question. Any thread may call. */
final class QueryRenderer {
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
    Message message = new Message(0);
    message.getHeader().setFlag(Flags.RD);
    if (question.checkingDisabled()) {
      message.getHeader().setFlag(Flags.CD);
    }
    message.addRecord(questionRecord(question), Section.QUESTION);
    if (edns) {
      message.addRecord(new OPTRecord(udpSize, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    }
    return message.toWire();
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
