package resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import resolver.clock.FaultLog;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Query;
import resolver.query.QueryObserver;
import resolver.query.QueryObserver.Outcome;
import resolver.wire.ExtendedError;
import resolver.wire.QueryView;

/**
 * The last step of a query, whatever it came to: rendered, sent, and noted where somebody listens.
 * Belongs to one event loop.
 */
final class Responses {
  private final ResponseWriter writer;
  private final QueryView view;
  private final InPacket inPacket;
  private final QueryObserver observer;
  private final Ticker ticker;
  private final FaultLog faults;

  /**
   * The responses of a loop.
   *
   * @param view has read the packet in hand
   * @param inPacket what it says of its client
   */
  Responses(
      ResponseWriter writer,
      QueryView view,
      InPacket inPacket,
      QueryObserver observer,
      Ticker ticker,
      FaultLog faults) {
    this.writer = writer;
    this.view = view;
    this.inPacket = inPacket;
    this.observer = observer;
    this.ticker = ticker;
    this.faults = faults;
  }

  /** An answer to a query, when its client can take it. */
  void respond(Query query, Answer answer, @Nullable Account account, Responder to) {
    if (account != null) {
      account.noteOutcome();
    }
    to.whenReady(
        () -> {
          int octets = render(to, out -> writer.write(out, query, answer, ticker.nanos()));
          if (account != null) {
            account.answered(answer, query.dnssecOk(), octets);
          }
        });
  }

  /** An answer that is known while the packet is in hand; at once. */
  void respondInPacket(
      ByteBuf packet,
      int limit,
      Outcome outcome,
      Answer answer,
      @Nullable Account account,
      Responder to) {
    observer.classified(outcome);
    inPacket.set(packet, limit);
    int octets = render(to, out -> writer.write(out, inPacket, answer, 0));
    inPacket.clear();
    if (account != null) {
      account.answered(answer, view.dnssecOk(), octets);
    }
  }

  /** No answer, but an RCODE; at once. */
  void reject(
      ByteBuf packet,
      Outcome outcome,
      int rcode,
      @Nullable Account account,
      Responder to,
      ExtendedError why) {
    observer.classified(outcome);
    int octets = render(to, out -> writer.writeRejection(out, view, packet, rcode, why));
    if (account != null) {
      account.rejected(rcode, why, octets);
    }
  }

  /**
   * A rendering that throws, or that finds no direct memory, must neither leak its buffer nor leave
   * the client's place taken.
   *
   * @return the octets of the response; 0 where there is none
   */
  int render(Responder to, Consumer<ByteBuf> rendering) {
    ByteBuf out = null;
    int octets;
    try {
      out = to.newBuffer();
      int before = out.writerIndex();
      rendering.accept(out);
      octets = out.writerIndex() - before;
    } catch (RuntimeException | OutOfMemoryError e) {
      if (out != null) {
        out.release();
      }
      if (e instanceof OutOfMemoryError error && !isOfDirectMemory(error)) {
        throw error;
      }
      faults.report("rendering a response", e);
      observer.responseLost();
      to.ignore();
      return 0;
    }
    to.respond(out);
    return octets;
  }

  /** That is a bound on buffers, which comes back as they go; the heap is well. */
  private static boolean isOfDirectMemory(OutOfMemoryError e) {
    String message = e.getMessage();
    return e instanceof OutOfDirectMemoryError
        || (message != null && message.contains("direct buffer memory"));
  }
}
