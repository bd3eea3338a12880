package resolver.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Query;
import resolver.query.Question;
import resolver.wire.QueryView;

/** What the benchmarks ask, and what they are answered. */
public final class Packets {
  /** The UDP size that our responses announce. */
  public static final int UDP_SIZE = 1232;

  private Packets() {}

  /** How a client asks. */
  public enum Stub {
    /** Without EDNS, letters small. */
    PLAIN,
    /** With an OPT record, size 1232, DO. */
    EDNS,
    /** With letters small and large, as clients send that look for forgeries. */
    MIXED_CASE
  }

  /** The name of a number, 20 octets and more. */
  public static String name(int number) {
    return "w" + number + ".bench.example";
  }

  /** The question for the address of a number's name. */
  public static Question question(int number) {
    return Answers.question(name(number), "A");
  }

  /** An answer of one address, good for an hour. */
  public static Answer answer(Question question, int number, long arrivedAt) {
    return Answers.answer(question, 3600, arrivedAt, name(number) + " 3600 IN A 192.0.2.1");
  }

  /** A query for the address of a number's name, in memory outside the heap like a datagram. */
  public static ByteBuf query(int number, Stub stub) {
    String name = name(number);
    Message message = new Message(number & 0xffff);
    message.getHeader().setFlag(org.xbill.DNS.Flags.RD);
    message.addRecord(
        Record.newRecord(
            Answers.name(stub == Stub.MIXED_CASE ? name.toUpperCase(Locale.ROOT) : name),
            Type.A,
            DClass.IN),
        Section.QUESTION);
    if (stub == Stub.EDNS) {
      message.addRecord(new OPTRecord(UDP_SIZE, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    }
    byte[] octets = message.toWire();
    return Unpooled.directBuffer(octets.length).writeBytes(octets);
  }

  /**
   * Reads a query as a listener does.
   *
   * @throws IllegalStateException where it is no query
   */
  public static Query read(QueryView view, ByteBuf packet) {
    QueryView.Verdict verdict = view.read(packet);
    if (verdict != QueryView.Verdict.WELL_FORMED) {
      throw new IllegalStateException(verdict + " (expected: WELL_FORMED)");
    }
    return Query.of(view, packet, Math.min(UDP_SIZE, view.udpSize()), new byte[0]);
  }
}
