package resolver.stampede;

import io.netty.buffer.ByteBuf;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Looks at answers. Has no state. */
final class Judge {
  private static final int HEADER = 12;
  private static final int QR = 0x8000;
  private static final int TC = 0x0200;
  private static final int POINTER = 0xc0;

  private Judge() {}

  /**
   * Whether the octets answer the query with this ID at all; what does not is a stray.
   *
   * @param message from its reader index on
   */
  static boolean isFor(ByteBuf message, int id) {
    int at = message.readerIndex();
    return message.readableBytes() >= HEADER
        && message.getUnsignedShort(at) == id
        && (message.getUnsignedShort(at + 2) & QR) != 0;
  }

  /**
   * Judges what {@link #isFor} let in.
   *
   * @param question as this client spelt it: name, type, class
   * @param address what the upstream tells
   * @param most how large the message may be, in octets
   */
  static Verdict judge(ByteBuf message, byte[] question, int address, int most) {
    int at = message.readerIndex();
    int end = message.writerIndex();
    int flags = message.getUnsignedShort(at + 2);
    if (message.readableBytes() > most) {
      return Verdict.TOO_LARGE;
    }
    int rcode = flags & 15;
    if (rcode != Rcode.NOERROR && rcode != Rcode.SERVFAIL) {
      return Verdict.OTHER_RCODE;
    }
    if (message.getUnsignedShort(at + 4) != 1 || !repeats(message, at + HEADER, question)) {
      return Verdict.OTHER_QUESTION;
    }
    if (rcode == Rcode.SERVFAIL) {
      return Verdict.FAILED;
    }
    if ((flags & TC) != 0) {
      return Verdict.TRUNCATED;
    }
    int record = at + HEADER + question.length;
    int data = record < end ? afterName(message, record, end) + 10 : end;
    if (message.getUnsignedShort(at + 6) == 0) {
      return Verdict.OTHER_ADDRESS;
    }
    if (data < record + 10 || data + 4 > end) {
      return Verdict.UNREADABLE;
    }
    boolean right =
        message.getUnsignedShort(data - 10) == Type.A
            && message.getUnsignedShort(data - 8) == DClass.IN
            && message.getUnsignedShort(data - 2) == 4
            && message.getInt(data) == address;
    return right ? Verdict.RIGHT : Verdict.OTHER_ADDRESS;
  }

  /**
   * Whether it answers a question of another round: it comes late, and its ID is another client's
   * by now.
   *
   * @param message one that {@link #isFor} let in
   */
  static boolean isOfAnotherRound(ByteBuf message, RoundName now) {
    int at = message.readerIndex() + HEADER;
    byte[] question = new byte[RoundName.questionLength()];
    if (at + question.length > message.writerIndex()) {
      return false;
    }
    message.getBytes(at, question);
    return RoundName.in(question).filter(name -> !name.equals(now)).isPresent();
  }

  private static boolean repeats(ByteBuf message, int at, byte[] question) {
    if (at + question.length > message.writerIndex()) {
      return false;
    }
    for (int i = 0; i < question.length; i++) {
      if (message.getByte(at + i) != question[i]) {
        return false;
      }
    }
    return true;
  }

  /** The index behind a name, or a negative number. */
  private static int afterName(ByteBuf message, int from, int end) {
    int at = from;
    while (at < end) {
      int length = message.getUnsignedByte(at);
      if ((length & POINTER) == POINTER) {
        return at + 2;
      }
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
    return -end - 10;
  }
}
