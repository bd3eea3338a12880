package resolver.server;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import resolver.query.AsAsked;
import resolver.wire.QueryView;

/**
 * A query where it stands in its packet, without making an object of it. Belongs to one event loop,
 * and stands for one query after the other.
 */
final class InPacket implements AsAsked {
  private final QueryView view;
  private final ClientCookie cookie;
  private @Nullable ByteBuf packet;
  private int limit;

  /**
   * A query as others have read it.
   *
   * @param cookie has judged it
   */
  InPacket(QueryView view, ClientCookie cookie) {
    this.view = view;
    this.cookie = cookie;
  }

  /** Stands for the query of a packet, which may be answered by so many octets. */
  void set(ByteBuf packet, int limit) {
    this.packet = packet;
    this.limit = limit;
  }

  /** Stands for none. */
  void clear() {
    packet = null;
  }

  @Override
  public int id() {
    return view.id();
  }

  @Override
  public int flags() {
    return view.flags();
  }

  @Override
  public int askedLength() {
    return view.questionLength();
  }

  @Override
  public void writeQuestion(ByteBuf out) {
    ByteBuf from = Objects.requireNonNull(packet);
    out.writeBytes(from, from.readerIndex() + QueryView.HEADER, askedLength());
  }

  @Override
  public boolean edns() {
    return view.edns();
  }

  @Override
  public boolean dnssecOk() {
    return view.dnssecOk();
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public int optionsLength() {
    return cookie.optionLength();
  }

  @Override
  public void writeOptions(ByteBuf out) {
    cookie.writeOption(out);
  }
}
