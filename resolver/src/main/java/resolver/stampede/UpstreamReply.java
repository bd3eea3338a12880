package resolver.stampede;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** What the upstream says to one query. */
final class UpstreamReply {
  private static final int QR_AA_RA = 0x8480;
  private static final int TC = 0x0200;
  private static final int RD = 0x0100;
  private static final int TTL = 3600;
  private static final int QUESTION_AT = 0xc00c;
  private static final int HEADER = 12;

  /** The largest record that is told, and OPT. */
  private static final int RECORDS = 39;

  /** RFC 9715 section 3.1. */
  private static final int UDP_SIZE = 1232;

  /** 2001:db8::/32 is for documentation (RFC 3849). */
  private static final int DOCUMENTATION = 0x20010db8;

  private final int id;
  private final boolean recursionDesired;
  private final byte[] question;
  private final boolean edns;
  private final int type;

  /**
   * A reply to a query.
   *
   * @param question the octets of name, type and class
   */
  UpstreamReply(int id, boolean recursionDesired, byte[] question, boolean edns) {
    this.id = id;
    this.recursionDesired = recursionDesired;
    this.question = question;
    this.edns = edns;
    int at = question.length - 4;
    this.type = ((question[at] & 0xff) << 8) | (question[at + 1] & 0xff);
  }

  /**
   * The whole message.
   *
   * @param name null where nothing is known of it
   */
  ByteBuf write(ByteBufAllocator allocator, @Nullable RoundName name, @Nullable Fault fault) {
    boolean silent = fault == Fault.SERVFAIL || fault == Fault.TRUNCATED;
    RoundName told = silent || (type != Type.A && type != Type.AAAA) ? null : name;
    ByteBuf out = allocator.directBuffer(HEADER + question.length + RECORDS);
    out.writeShort(fault == Fault.WRONG_ID ? id ^ 0x5555 : id).writeShort(flags(fault));
    out.writeShort(1).writeShort(told == null ? 0 : 1).writeShort(0).writeShort(edns ? 1 : 0);
    out.writeBytes(question);
    if (told != null) {
      writeAddress(out, told.address());
    }
    if (edns) {
      out.writeByte(0).writeShort(Type.OPT).writeShort(UDP_SIZE).writeInt(0).writeShort(0);
    }
    return out;
  }

  private int flags(@Nullable Fault fault) {
    return QR_AA_RA
        | (recursionDesired ? RD : 0)
        | (fault == Fault.TRUNCATED ? TC : 0)
        | (fault == Fault.SERVFAIL ? Rcode.SERVFAIL : Rcode.NOERROR);
  }

  private void writeAddress(ByteBuf out, int address) {
    out.writeShort(QUESTION_AT).writeShort(type).writeShort(DClass.IN).writeInt(TTL);
    if (type == Type.AAAA) {
      out.writeShort(16).writeInt(DOCUMENTATION).writeLong(0).writeInt(address);
    } else {
      out.writeShort(4).writeInt(address);
    }
  }
}
