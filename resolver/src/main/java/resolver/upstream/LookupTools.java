package resolver.upstream;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.selection.FailOver;
import resolver.selection.TryTimes;

/**
 * What all lookups of a forwarder share.
 *
 * @param samples takes what exchanges tell of their servers
 * @param tries how often one lookup is sent at most
 * @param tryTimes how long a try waits for its response
 * @param failOver the RCODEs with which the next server is asked, as {@link FailOver#bits}
 */
record LookupTools(
    QueryRenderer renderer,
    ReplyReader reader,
    Ticker ticker,
    Executor offLoop,
    QueryObserver observer,
    Samples samples,
    Failing failing,
    int tries,
    TryTimes tryTimes,
    int failOver) {
  /** What has more labels is no answer that anybody can use: 4,000 records of 16 each are fewer. */
  private static final int TOO_LONG = 65_536;

  /** The same for another observer, and for servers whose failures are not counted. */
  LookupTools beside(QueryObserver other) {
    return new LookupTools(
        renderer,
        reader,
        ticker,
        offLoop,
        other,
        samples,
        Failing.ofNobody(),
        tries,
        tryTimes,
        failOver);
  }

  /** Reads a response on the spot; null where it cannot be understood. */
  @Nullable Answer read(Question question, byte[] reply, Exchange exchange, int sent, int waiters) {
    try {
      return reader.read(question, reply, exchange, sent, waiters);
    } catch (ReplyReader.Unreadable e) {
      return null;
    }
  }

  /** The same for a large one, unless it would take too long even off the event loops. */
  @Nullable Answer readLarge(
      Question question, byte[] reply, Exchange exchange, int sent, int waiters) {
    boolean tooLong = ReplyCost.labels(reply, TOO_LONG) > TOO_LONG;
    return tooLong ? null : read(question, reply, exchange, sent, waiters);
  }

  /**
   * Reads off the event loops, and hands over what comes of it on one of them.
   *
   * @throws RejectedExecutionException where too many wait for that already
   */
  void readOffLoop(
      Executor loop, Supplier<@Nullable Answer> reading, Consumer<@Nullable Answer> to) {
    offLoop.execute(
        () -> {
          Answer answer = reading.get();
          try {
            loop.execute(() -> to.accept(answer));
          } catch (RejectedExecutionException e) {
            // The loop has ended, and with it all who wait.
          }
        });
  }
}
