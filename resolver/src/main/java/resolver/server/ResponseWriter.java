package resolver.server;

import io.netty.buffer.ByteBuf;
import java.util.List;
import resolver.query.Answer;
import resolver.query.AsAsked;
import resolver.wire.ExtendedError;
import resolver.wire.QueryView;
import resolver.wire.ResponseImage;

/**
 * Renders an answer for one client: its ID, its spelling of the name, its flags, its size.
 *
 * <p>What does not fit is not cut but left out altogether, with TC set, so that the client asks
 * again over TCP. Has no state: any thread may call.
 */
final class ResponseWriter {
  private static final int QR = 0x8000;
  private static final int RA = 0x0080;
  private static final int TC = 0x0200;
  private static final int AD = 0x0020;
  private static final int OPT = 41;
  private static final int OPT_FIXED = 11;
  private static final int OPTION_EDE = 15;
  private static final int EDE_FIXED = 6;
  private static final int DO = 0x8000;
  private static final long SECOND = 1_000_000_000L;

  private final int udpSize;

  /**
   * A writer.
   *
   * @param udpSize the UDP size that responses announce as ours, in octets
   */
  ResponseWriter(int udpSize) {
    this.udpSize = udpSize;
  }

  /**
   * Appends the response.
   *
   * @param now the ticker's time, for counting the TTLs down
   */
  void write(ByteBuf out, AsAsked query, Answer answer, long now) {
    int start = out.writerIndex();
    ResponseImage image = answer.image(query.dnssecOk());
    int opt = query.edns() ? OPT_FIXED + query.optionsLength() : 0;
    int bare = QueryView.HEADER + query.askedLength() + opt;
    boolean fits = bare + image.length() <= query.limit();
    int flags = QR | RA | query.repeatedFlags() | (answer.rcode() & 15);
    if (answer.authentic() && query.wantsAuthenticity()) {
      flags |= AD;
    }
    out.writeShort(query.id());
    out.writeShort(fits ? flags : flags | TC);
    out.writeShort(query.askedLength() > 0 ? 1 : 0);
    out.writeShort(fits ? image.answers() : 0);
    out.writeShort(fits ? image.authorities() : 0);
    out.writeShort((fits ? image.additionals() : 0) + (query.edns() ? 1 : 0));
    query.writeQuestion(out);
    if (fits) {
      image.writeTo(out, ageInSeconds(answer, now));
    }
    if (query.edns()) {
      int left = query.limit() - (out.writerIndex() - start) - OPT_FIXED;
      int lengthAt = beginOpt(out, answer.rcode(), query.dnssecOk());
      query.writeOptions(out);
      endOpt(out, lengthAt, answer.errors(), left);
    }
  }

  /**
   * Appends a response to something that could not be read as a query.
   *
   * @param packet where the view has read it
   * @param rcode FORMERR, NOTIMP, BADVERS or REFUSED
   */
  void writeRejection(
      ByteBuf out, QueryView view, ByteBuf packet, int rcode, ExtendedError... why) {
    boolean question = view.questionLength() > 0;
    out.writeShort(view.id());
    out.writeShort(QR | RA | (view.flags() & 0x7910) | (rcode & 15));
    out.writeShort(question ? 1 : 0);
    out.writeInt(0);
    out.writeShort(view.edns() ? 1 : 0);
    if (question) {
      out.writeBytes(packet, packet.readerIndex() + QueryView.HEADER, view.questionLength());
    }
    if (view.edns()) {
      int lengthAt = beginOpt(out, rcode, view.dnssecOk());
      endOpt(out, lengthAt, List.of(why), ExtendedError.MAX_OCTETS);
    }
  }

  /** Appends an OPT record without options, and tells where their length stands. */
  private int beginOpt(ByteBuf out, int rcode, boolean dnssecOk) {
    out.writeByte(0);
    out.writeShort(OPT);
    out.writeShort(udpSize);
    out.writeByte(rcode >>> 4);
    out.writeByte(0);
    out.writeShort(dnssecOk ? DO : 0);
    int lengthAt = out.writerIndex();
    out.writeShort(0);
    return lengthAt;
  }

  /** Appends the extended errors that there is room for among all options. */
  private static void endOpt(ByteBuf out, int lengthAt, List<ExtendedError> errors, int left) {
    for (ExtendedError error : errors) {
      byte[] text = error.textOctets();
      int taken = out.writerIndex() - lengthAt - 2;
      if (taken + EDE_FIXED + text.length > left) {
        break;
      }
      out.writeShort(OPTION_EDE);
      out.writeShort(2 + text.length);
      out.writeShort(error.code());
      out.writeBytes(text);
    }
    out.setShort(lengthAt, out.writerIndex() - lengthAt - 2);
  }

  /** An answer that was made here has no age. */
  private static int ageInSeconds(Answer answer, long now) {
    if (answer.isLocal()) {
      return 0;
    }
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (now - answer.arrivedAt()) / SECOND));
  }
}
