package resolver.server;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.policy.Edition;
import resolver.query.Answer;
import resolver.query.QuestionProbe;
import resolver.wire.QueryView;

/**
 * A second door to the same cache and the same renderer, for the plain case: an answer that is kept
 * and fresh, not due for renewal, and cleared to go out by the policy in force. From packet to
 * packet, on the loop that read it, without making an object.
 *
 * <p>Its law: without it not one octet of any response would change, nor one counter. What it does
 * not find goes the way of all queries.
 *
 * <p>Belongs to one event loop.
 */
final class FastPath implements Consumer<ByteBuf> {
  private final Sources.Kept kept;
  private final Edition edition;
  private final ResponseWriter writer;
  private final QueryView view;
  private final QuestionProbe probe = new QuestionProbe();
  private final InPacket query;

  private @Nullable Answer answer;
  private long now;

  /**
   * A shortcut.
   *
   * @param edition of the policy; an answer that bears its number has passed both doors
   * @param view has read each packet before it comes here
   * @param query stands for the query that the view has read
   */
  FastPath(
      Sources.Kept kept, Edition edition, ResponseWriter writer, QueryView view, InPacket query) {
    this.kept = kept;
    this.edition = edition;
    this.writer = writer;
    this.view = view;
    this.query = query;
  }

  /**
   * Whether there is a plain answer, which {@link #accept} renders then.
   *
   * @param packet a well-formed query, where the view has read it
   * @param limit the largest response that may be sent, in octets
   * @param now the ticker's time
   */
  boolean finds(ByteBuf packet, int limit, long now) {
    int question = packet.readerIndex() + QueryView.HEADER;
    probe.set(packet, question, view.questionLength(), view.checkingDisabled());
    Answer found = kept.find(probe, now);
    if (found == null || !found.isCleared(edition.number(), view.type())) {
      return false;
    }
    found.use();
    this.answer = found;
    this.now = now;
    query.set(packet, limit);
    return true;
  }

  /** Appends the response that was found; once, before the packet is released. */
  @Override
  public void accept(ByteBuf out) {
    Answer found = java.util.Objects.requireNonNull(answer);
    answer = null;
    writer.write(out, query, found, now);
    query.clear();
  }
}
