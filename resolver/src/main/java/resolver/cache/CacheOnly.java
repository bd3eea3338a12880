package resolver.cache;

import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.Receiver;
import resolver.wire.ExtendedError;

/**
 * What a client gets that does not want recursion (RD=0) when the cache has no answer: nobody is
 * asked for it.
 */
public final class CacheOnly implements AnswerSource {
  private static final int REFUSED = 5;
  private static final Answer NOT_CACHED =
      Answer.local(
          REFUSED,
          Answer.Failure.NONE,
          new ExtendedError(
              ExtendedError.NOT_AUTHORITATIVE, "not in the cache, and recursion was not desired"));

  private final QueryObserver observer;

  /** The end of a pipeline without recursion. */
  public CacheOnly(QueryObserver observer) {
    this.observer = observer;
  }

  @Override
  public Pending ask(Ask ask, Receiver to) {
    observer.classified(QueryObserver.Outcome.CACHE_ONLY_MISS);
    to.receive(NOT_CACHED, Delivery.AT_ONCE);
    return Pending.DONE;
  }
}
