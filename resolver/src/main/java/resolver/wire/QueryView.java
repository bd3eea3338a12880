package resolver.wire;

import io.netty.buffer.ByteBuf;

/**
 * A view on the packet of a query: finds the question and the EDNS part without making objects.
 *
 * <p>Reading a packet goes like this:
 *
 * <ul>
 *   <li>the header decides whether this is a query at all, and of a kind we know;
 *   <li>the question must be there once, its name whole and without compression;
 *   <li>records that follow are walked over, down to an OPT in the additional section.
 * </ul>
 *
 * <p>Reusable, and not safe for use by several threads: each event loop has its own. What is read
 * holds until the next packet is read.
 */
public final class QueryView {
  /** What a packet is. */
  public enum Verdict {
    /** A query that can be answered. */
    WELL_FORMED,
    /** Broken octets, to be told so (RFC 1035 section 4.1.1: RCODE 1). */
    FORMERR,
    /** An opcode that is not supported (RFC 8906 section 3.1.4: RCODE 4). */
    NOTIMP,
    /** An EDNS version that is not supported (RFC 6891 section 6.1.3: RCODE 16). */
    BADVERS,
    /** No question, but a cookie: a client wants to know the server's (RFC 7873 section 5.4). */
    NO_QUESTION,
    /** No query: a response, or shorter than a header. To be met with silence. */
    NO_QUERY
  }

  /** The length of a message's header (RFC 1035 section 4.1.1). */
  public static final int HEADER = 12;

  private static final int QR = 0x8000;
  private static final int RD = 0x0100;
  private static final int AD = 0x0020;
  private static final int CD = 0x0010;
  private static final int OPT = 41;
  private static final int COOKIE = 10;
  private static final int DO = 0x8000;

  /** The lowest UDP size that counts; smaller ones mean this (RFC 6891 section 6.2.3). */
  private static final int LEAST_UDP_SIZE = 512;

  private int id;
  private int flags;
  private int questionEnd;
  private boolean edns;
  private int udpSize;
  private int ednsFlags;
  private int type;
  private int dnsClass;
  private int cookieAt;
  private int cookieLength;

  /** Reads a packet, which starts at the reader index; moves no index of it. */
  public Verdict read(ByteBuf packet) {
    int start = packet.readerIndex();
    int length = packet.readableBytes();
    questionEnd = HEADER;
    edns = false;
    udpSize = LEAST_UDP_SIZE;
    ednsFlags = 0;
    cookieLength = -1;
    if (length < HEADER) {
      return Verdict.NO_QUERY;
    }
    id = packet.getUnsignedShort(start);
    flags = packet.getUnsignedShort(start + 2);
    if ((flags & QR) != 0) {
      return Verdict.NO_QUERY;
    }
    if (opcode() != 0) {
      return Verdict.NOTIMP;
    }
    int questions = packet.getUnsignedShort(start + 4);
    if (questions != 1) {
      return questions == 0 ? readWithoutQuestion(packet, start, length) : Verdict.FORMERR;
    }
    int nameEnd = nameEnd(packet, start, length);
    if (nameEnd < 0 || nameEnd + 4 > length) {
      return Verdict.FORMERR;
    }
    type = packet.getUnsignedShort(start + nameEnd);
    dnsClass = packet.getUnsignedShort(start + nameEnd + 2);
    questionEnd = nameEnd + 4;
    return readRecords(packet, start, length);
  }

  /** The ID. */
  public int id() {
    return id;
  }

  /** The header's flags, as a number of 16 bits. */
  public int flags() {
    return flags;
  }

  /** The opcode. */
  public int opcode() {
    return (flags >>> 11) & 15;
  }

  /** RD: recursion is desired. */
  public boolean recursionDesired() {
    return (flags & RD) != 0;
  }

  /** AD in a query: the asker wants to know whether the answer is authentic (RFC 6840, 5.7). */
  public boolean authenticDataWanted() {
    return (flags & AD) != 0;
  }

  /** CD: checking is disabled (RFC 4035 section 3.2.2). */
  public boolean checkingDisabled() {
    return (flags & CD) != 0;
  }

  /** The QTYPE. */
  public int type() {
    return type;
  }

  /** The QCLASS. */
  public int dnsClass() {
    return dnsClass;
  }

  /** The octets of the question: name, type and class. Zero where there is no readable one. */
  public int questionLength() {
    return questionEnd - HEADER;
  }

  /** A copy of the question's octets, as asked. */
  public byte[] question(ByteBuf packet) {
    byte[] octets = new byte[questionLength()];
    packet.getBytes(packet.readerIndex() + HEADER, octets);
    return octets;
  }

  /** Whether the query has an OPT record. */
  public boolean edns() {
    return edns;
  }

  /** The largest UDP response that the client takes, in octets: at least 512. */
  public int udpSize() {
    return udpSize;
  }

  /** DO: the client takes DNSSEC's records (RFC 3225). */
  public boolean dnssecOk() {
    return (ednsFlags & DO) != 0;
  }

  /** The octets of the first COOKIE option's data, or -1 where there is none. */
  public int cookieLength() {
    return cookieLength;
  }

  /** Copies the first octets of the first COOKIE option's data, as many as are asked for. */
  public void copyCookie(ByteBuf packet, byte[] into, int at, int length) {
    packet.getBytes(packet.readerIndex() + cookieAt, into, at, length);
  }

  /** The name's end counted from the packet's start, or -1. Compression has no place here. */
  private static int nameEnd(ByteBuf packet, int start, int length) {
    int at = HEADER;
    while (at < length) {
      int label = packet.getUnsignedByte(start + at);
      at += 1 + label;
      if (label > Names.MAX_LABEL || at - HEADER > Names.MAX_LENGTH) {
        return -1;
      }
      if (label == 0) {
        return at;
      }
    }
    return -1;
  }

  private Verdict readWithoutQuestion(ByteBuf packet, int start, int length) {
    Verdict verdict = readRecords(packet, start, length);
    return verdict == Verdict.WELL_FORMED && cookieLength >= 0
        ? Verdict.NO_QUESTION
        : Verdict.FORMERR;
  }

  private Verdict readRecords(ByteBuf packet, int start, int length) {
    int before = packet.getUnsignedShort(start + 6) + packet.getUnsignedShort(start + 8);
    int records = before + packet.getUnsignedShort(start + 10);
    int at = questionEnd;
    Verdict verdict = Verdict.WELL_FORMED;
    for (int i = 0; i < records; i++) {
      int owner = at;
      at = skipName(packet, start, at, length);
      if (at < 0 || at + 10 > length) {
        return Verdict.FORMERR;
      }
      int recordType = packet.getUnsignedShort(start + at);
      int dataLength = packet.getUnsignedShort(start + at + 8);
      int data = at + 10;
      if (data + dataLength > length) {
        return Verdict.FORMERR;
      }
      if (recordType == OPT) {
        boolean misplaced = i < before || edns || at != owner + 1;
        if (misplaced || !readOptions(packet, start, data, dataLength)) {
          return Verdict.FORMERR;
        }
        verdict = readOpt(packet, start + at);
      }
      at = data + dataLength;
    }
    return verdict;
  }

  private Verdict readOpt(ByteBuf packet, int at) {
    edns = true;
    udpSize = Math.max(LEAST_UDP_SIZE, packet.getUnsignedShort(at + 2));
    int version = packet.getUnsignedByte(at + 5);
    ednsFlags = packet.getUnsignedShort(at + 6);
    return version == 0 ? Verdict.WELL_FORMED : Verdict.BADVERS;
  }

  /** Looks for a cookie; false where the options are not whole. */
  private boolean readOptions(ByteBuf packet, int start, int data, int length) {
    int at = 0;
    while (at + 4 <= length) {
      int option = start + data + at;
      int optionLength = packet.getUnsignedShort(option + 2);
      // Of several the first counts (RFC 7873 section 5.2).
      if (packet.getUnsignedShort(option) == COOKIE && cookieLength < 0) {
        cookieAt = data + at + 4;
        cookieLength = optionLength;
      }
      at += 4 + optionLength;
    }
    return at == length;
  }

  private static int skipName(ByteBuf packet, int start, int from, int length) {
    int at = from;
    while (at < length) {
      int label = packet.getUnsignedByte(start + at);
      if ((label & 0xc0) == 0xc0) {
        return at + 2 <= length ? at + 2 : -1;
      }
      at += 1 + label;
      if (label > Names.MAX_LABEL || at - from > Names.MAX_LENGTH) {
        return -1;
      }
      if (label == 0) {
        return at;
      }
    }
    return -1;
  }
}
