package resolver.query;

import io.netty.buffer.ByteBuf;
import resolver.wire.QueryView;

/**
 * A question together with how one client asked it. Client half only: nothing of it but the
 * question reaches the shared half.
 */
public final class Query {
  private static final int RD = 0x0100;
  private static final int AD = 0x0020;
  private static final int CD = 0x0010;

  private final int id;
  private final int flags;
  private final byte[] asked;
  private final Question question;
  private final boolean edns;
  private final boolean dnssecOk;
  private final int limit;

  private Query(QueryView view, byte[] asked, int limit) {
    this.id = view.id();
    this.flags = view.flags();
    this.asked = asked;
    this.question = Question.ofOctets(asked.clone(), view.checkingDisabled());
    this.edns = view.edns();
    this.dnssecOk = view.dnssecOk();
    this.limit = limit;
  }

  /**
   * The query that a view has read.
   *
   * @param packet where the view has read it; is not kept
   * @param limit the largest response that may be sent, in octets
   */
  public static Query of(QueryView view, ByteBuf packet, int limit) {
    return new Query(view, view.question(packet), limit);
  }

  /** The ID to answer with. */
  public int id() {
    return id;
  }

  /** What is asked. */
  public Question question() {
    return question;
  }

  /** The length of the question section in octets. */
  public int askedLength() {
    return asked.length;
  }

  /** Appends the question section in the client's own spelling. */
  public void writeQuestion(ByteBuf out) {
    out.writeBytes(asked);
  }

  /** Whether the client sent an OPT record, and so gets one (RFC 6891 section 6.1.1). */
  public boolean edns() {
    return edns;
  }

  /** The DO bit: the client takes DNSSEC's records. */
  public boolean dnssecOk() {
    return dnssecOk;
  }

  /** The largest response that may be sent, in octets. */
  public int limit() {
    return limit;
  }

  /** RD: recursion is desired. */
  public boolean recursionDesired() {
    return (flags & RD) != 0;
  }

  /** Whether the client wants to know if the answer is authentic: AD or DO (RFC 6840, 5.7). */
  public boolean wantsAuthenticity() {
    return dnssecOk || (flags & AD) != 0;
  }

  /** The flags that a response repeats: opcode, RD and CD. */
  public int repeatedFlags() {
    return flags & (0x7800 | RD | CD);
  }
}
