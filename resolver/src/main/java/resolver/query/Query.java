package resolver.query;

import io.netty.buffer.ByteBuf;
import resolver.wire.QueryView;

/**
 * A question together with how one client asked it. Client half only: nothing of it but the
 * question reaches the shared half.
 */
public final class Query implements AsAsked {
  private final int id;
  private final int flags;
  private final byte[] asked;
  private final Question question;
  private final boolean edns;
  private final boolean dnssecOk;
  private final int limit;
  private final byte[] options;

  private Query(QueryView view, byte[] asked, int limit, byte[] options) {
    this.id = view.id();
    this.flags = view.flags();
    this.asked = asked;
    this.question = Question.ofOctets(asked.clone(), view.checkingDisabled());
    this.edns = view.edns();
    this.dnssecOk = view.dnssecOk();
    this.limit = limit;
    this.options = options;
  }

  /**
   * The query that a view has read.
   *
   * @param packet where the view has read it; is not kept
   * @param limit the largest response that may be sent, in octets
   * @param options the EDNS options that this client gets, as octets; are kept, and not copied
   */
  public static Query of(QueryView view, ByteBuf packet, int limit, byte[] options) {
    return new Query(view, view.question(packet), limit, options);
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int flags() {
    return flags;
  }

  /** What is asked. */
  public Question question() {
    return question;
  }

  @Override
  public int askedLength() {
    return asked.length;
  }

  @Override
  public void writeQuestion(ByteBuf out) {
    out.writeBytes(asked);
  }

  @Override
  public boolean edns() {
    return edns;
  }

  @Override
  public boolean dnssecOk() {
    return dnssecOk;
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public int optionsLength() {
    return options.length;
  }

  @Override
  public void writeOptions(ByteBuf out) {
    out.writeBytes(options);
  }
}
